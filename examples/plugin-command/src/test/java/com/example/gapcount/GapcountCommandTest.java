package com.example.gapcount;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

/** Contracts of commands have no suite: what a command does is its own. */
class GapcountCommandTest {
    @Test
    void itSaysWhatItWants() {
        CommandLine line = new CommandLine(new GapcountCommand(null));
        assertThat(line.getCommandName()).isEqualTo("gapcount");
        assertThat(line.getUsageMessage()).contains("REF");
    }
}
