package dev.gyre.io;

import java.util.Map;

/**
 * What a file system is, and how full (statfs(2)). Numbers that do not fit are {@code Long.MAX_VALUE}; those that a
 * file system does not keep are 0.
 *
 * @param magic the number of its kind, in the kernel's {@code linux/magic.h}
 * @param blockSize what transfers are best a multiple of, in bytes
 * @param bytesTotal its size
 * @param bytesFree what is free
 * @param bytesAvailable what of that ordinary users may take; the rest is kept for privileged ones
 * @param filesTotal how many files and folders it has room for; 0 where it has no such limit
 * @param filesFree how many more
 * @param nameBytesMax the longest name
 * @param readOnly whether it is mounted so that nobody writes
 */
public record FileSystemStat(
        long magic,
        long blockSize,
        long bytesTotal,
        long bytesFree,
        long bytesAvailable,
        long filesTotal,
        long filesFree,
        long nameBytesMax,
        boolean readOnly) {

    private static final Map<Long, String> KINDS = Map.ofEntries(
            Map.entry(0x0102_1997L, "9p"),
            Map.entry(0x9123_683eL, "btrfs"),
            Map.entry(0xca45_1a4eL, "bcachefs"),
            Map.entry(0x00c3_6400L, "ceph"),
            Map.entry(0xff53_4d42L, "cifs"),
            Map.entry(0x0027_e0ebL, "cgroup"),
            Map.entry(0x6367_7270L, "cgroup2"),
            Map.entry(0x1cd1L, "devpts"),
            Map.entry(0xe0f5_e1e2L, "erofs"),
            Map.entry(0x2011_bab0L, "exfat"),
            Map.entry(0xef53L, "ext4"),
            Map.entry(0xf2f5_2010L, "f2fs"),
            Map.entry(0x6573_5546L, "fuse"),
            Map.entry(0x9584_58f6L, "hugetlbfs"),
            Map.entry(0x9660L, "iso9660"),
            Map.entry(0x6969L, "nfs"),
            Map.entry(0x794c_7630L, "overlay"),
            Map.entry(0x9fa0L, "proc"),
            Map.entry(0x8584_58f6L, "ramfs"),
            Map.entry(0x5265_4973L, "reiserfs"),
            Map.entry(0xfe53_4d42L, "smb2"),
            Map.entry(0x7371_7368L, "squashfs"),
            Map.entry(0x6265_6572L, "sysfs"),
            Map.entry(0x0102_1994L, "tmpfs"),
            Map.entry(0x1501_3346L, "udf"),
            Map.entry(0x4d44L, "vfat"),
            Map.entry(0x5846_5342L, "xfs"),
            Map.entry(0x2fc1_2fc1L, "zfs"));

    /**
     * What it is called.
     *
     * @return as mount(8) has it, {@code ext4} for its predecessors too; the number in hexadecimal, such as
     *     {@code 0x1234}, for one whose name is not known here
     */
    public String kind() {
        return KINDS.getOrDefault(magic, "0x" + Long.toHexString(magic));
    }
}
