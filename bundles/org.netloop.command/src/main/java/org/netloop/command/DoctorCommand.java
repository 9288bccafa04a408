package org.netloop.command;

import org.netloop.api.command.Command;
import org.netloop.api.message.Printable;
import org.netloop.api.mount.Caller;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Path;

/** {@code netloop doctor}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=doctor")
@CommandLine.Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Checks what this machine offers: Java, FUSE, loop devices, open files, clock, cache.",
            "Exits with 1 if something is missing that everything needs. What only one frontend needs is a note."
        })
public final class DoctorCommand implements Command {
    @Override
    public Integer call() throws IOException {
        boolean good = true;
        Doctor doctor = new Doctor(Path.of("/"), Caller.uid(), System.getenv());
        for (Doctor.Sign sign : doctor.signs()) {
            good &= sign.verdict() != Doctor.Verdict.MISSING;
            System.out.println(Printable.line(sign.line()));
        }
        return good ? OK : FAILED;
    }
}
