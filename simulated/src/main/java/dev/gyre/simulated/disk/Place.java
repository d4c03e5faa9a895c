package dev.gyre.simulated.disk;

/**
 * The last name of a path, and the folder that has it or could.
 *
 * @param folder where the name is looked up
 * @param name the name; {@code .} or {@code ..}; or empty, where the path is the root
 * @param slash whether slashes follow, so that it can only be a folder
 */
record Place(Folder folder, String name, boolean slash) {
    /** Whether it is a name that can be given and taken. */
    boolean isName() {
        return !name.isEmpty() && !name.equals(".") && !name.equals("..");
    }

    /** The same, however it was written. */
    Place plain() {
        return new Place(folder, name, false);
    }

    /** Whether it is the same name in the same folder. */
    boolean isSame(Place other) {
        return folder == other.folder && name.equals(other.name);
    }

    /** Where it is, from the root on. */
    String path() {
        String above = folder.path();
        return (above.equals("/") ? "" : above) + "/" + name;
    }
}
