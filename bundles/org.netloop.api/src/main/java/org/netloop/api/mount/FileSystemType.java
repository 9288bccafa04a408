package org.netloop.api.mount;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Type of the file system in a slice of an image, by the names of blkid(8), and why it cannot be
 * mounted.
 */
final class FileSystemType {
    private static final String REFUSED = "the kernel refuses it (damaged? dmesg may say more)";

    private FileSystemType() {}

    /** Empty if it is not known. */
    static String of(Path image, Slice slice) {
        try {
            return Tool.run(
                    "blkid",
                    "--probe",
                    "--offset",
                    String.valueOf(slice.offset()),
                    "--size",
                    String.valueOf(slice.length()),
                    "--match-tag",
                    "TYPE",
                    "--output",
                    "value",
                    image.toString());
        } catch (IOException _) {
            // It ends so where it knows nothing, and may not be installed: mount(8) knows by
            // itself.
            return "";
        }
    }

    /**
     * Returns the reason why it cannot be mounted, as a phrase that follows the object's name.
     *
     * @param type as {@link #of} has told
     * @param said what mount(8) said
     */
    static String whyNot(String type, String said) {
        String reason = reason(said);
        return switch (type) {
            case "" ->
                    reason.equals(REFUSED)
                            ? "holds no file system that is known"
                            : "cannot be mounted: " + reason;
            case "crypto_LUKS" -> "is encrypted (LUKS): open it with cryptsetup, from the file";
            case "LVM2_member" ->
                    "belongs to an LVM volume group: activate that (losetup, vgchange -ay), from the"
                            + " file";
            case "linux_raid_member", "isw_raid_member", "ddf_raid_member" ->
                    "belongs to a RAID array: assemble that with mdadm, from the file";
            case "zfs_member" -> "belongs to a ZFS pool: import that with zpool, from the file";
            case "swap" -> "is swap space";
            default -> "holds a file system of type " + type + ": " + reason;
        };
    }

    /**
     * Translates the words of mount(8); where they are good enough, only drops its name and the
     * place.
     */
    private static String reason(String said) {
        if (said.contains("unknown filesystem type")) {
            return "this kernel does not know it (a module may be missing)";
        }
        if (said.contains("wrong fs type")) {
            return REFUSED;
        }
        return said.substring(said.lastIndexOf(": ") + 1).strip();
    }
}
