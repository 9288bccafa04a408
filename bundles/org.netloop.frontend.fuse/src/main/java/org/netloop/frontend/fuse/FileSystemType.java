package org.netloop.frontend.fuse;

import java.io.IOException;
import java.nio.file.Path;

/** What a slice of an image holds, by the names of blkid(8), and why it cannot be mounted. */
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
     * Why it cannot be mounted, in words that go on from what is named.
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

    /** What mount(8) means; where its words are as good as any, they without its name and place. */
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
