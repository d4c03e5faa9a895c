package dev.gyre.simulated.disk;

/**
 * A page of files' content. Several files may have it, as programs see them, and then it takes the room of one; and
 * several may have it on the device. Guarded by the disk's lock.
 */
final class Page {
    final byte[] bytes;

    /** How many files have it, since the room that is counted here was last made free. */
    private int files;

    private long generation;
    private int deviceFiles;

    /** One that no file has yet. */
    Page(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isZero(int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** One more file has it. Whether that is the first one. */
    boolean join(Room room) {
        if (generation != room.generation()) {
            generation = room.generation();
            files = 0;
        }
        files++;
        return files == 1;
    }

    /** One file less has it. Whether that was the last one. */
    boolean leave() {
        files--;
        return files == 0;
    }

    void joinDevice() {
        deviceFiles++;
    }

    void leaveDevice() {
        deviceFiles--;
    }

    /** Whether more than one file has it. */
    boolean isOfOtherFilesToo() {
        return files > 1;
    }

    /** Whether anything else has it than one file. */
    boolean isShared() {
        return files > 1 || deviceFiles > 0;
    }
}
