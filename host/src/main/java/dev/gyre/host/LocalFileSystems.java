package dev.gyre.host;

import dev.gyre.linux.Directories;
import dev.gyre.linux.FileSystems;
import dev.gyre.linux.layout.Statfs;
import dev.gyre.linux.layout.Statx;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which file systems know the state of an open file without asking anybody: those on devices of this machine, and in
 * its memory. All others, as of NFS, SMB, 9P and FUSE, may keep whoever asks waiting for a server or a program.
 *
 * <p>What kind of file system a mount is of, statfs(2) says, which may wait as well. So it is asked once for each
 * mount, by whoever can wait, and remembered by the mount's number. From kernel 6.8 no other mount ever has that
 * number; before, one may have it later, and then the device has to be the same, too.
 */
public final class LocalFileSystems {
    private static final Set<Integer> LOCAL = Set.of(
            FileSystems.EXT4_SUPER_MAGIC, FileSystems.XFS_SUPER_MAGIC, FileSystems.BTRFS_SUPER_MAGIC,
            FileSystems.F2FS_SUPER_MAGIC, FileSystems.BCACHEFS_SUPER_MAGIC, FileSystems.ZFS_SUPER_MAGIC,
            FileSystems.MSDOS_SUPER_MAGIC, FileSystems.EXFAT_SUPER_MAGIC, FileSystems.SQUASHFS_MAGIC,
            FileSystems.EROFS_SUPER_MAGIC_V1, FileSystems.TMPFS_MAGIC, FileSystems.RAMFS_MAGIC,
            FileSystems.OVERLAYFS_SUPER_MAGIC, FileSystems.PROC_SUPER_MAGIC, FileSystems.SYSFS_MAGIC,
            FileSystems.DEVPTS_SUPER_MAGIC, FileSystems.PIPEFS_MAGIC, FileSystems.SOCKFS_MAGIC,
            FileSystems.ANON_INODE_FS_MAGIC);

    /** Of mounts that are gone nobody tells. */
    private static final int KNOWN_MAX = 1024;

    private final Map<Long, Boolean> mounts = new ConcurrentHashMap<>();

    /** None is known yet. */
    public LocalFileSystems() {}

    /**
     * Whether a file is on such a file system.
     *
     * @param state of the file, from {@link FileCalls#statCached}
     * @return null if its mount is not known yet
     */
    public @Nullable Boolean has(MemorySegment state) {
        return mounts.get(mount(state));
    }

    /**
     * Remembers what a mount is of.
     *
     * @param state of a file there, from {@link FileCalls#statCached}
     * @param fileSystem what fstatfs(2) says of that file
     * @return whether it is such a file system
     */
    public boolean learn(MemorySegment state, MemorySegment fileSystem) {
        if (mounts.size() >= KNOWN_MAX) {
            mounts.clear();
        }
        boolean local = LOCAL.contains((int) fileSystem.get(ValueLayout.JAVA_LONG, Statfs.F_TYPE));
        mounts.put(mount(state), local);
        return local;
    }

    private static long mount(MemorySegment state) {
        long number = state.get(ValueLayout.JAVA_LONG, Statx.STX_MNT_ID);
        boolean unique = (state.get(ValueLayout.JAVA_INT, Statx.STX_MASK) & Directories.STATX_MNT_ID_UNIQUE) != 0;
        long device = (long) state.get(ValueLayout.JAVA_INT, Statx.STX_DEV_MAJOR) << 20
                | state.get(ValueLayout.JAVA_INT, Statx.STX_DEV_MINOR);
        return unique ? number : number << 32 ^ device;
    }
}
