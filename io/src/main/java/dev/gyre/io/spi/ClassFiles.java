package dev.gyre.io.spi;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/**
 * Classes that are files of their own. The virtual machine opens such a file when the class is first used, and where it
 * could not, for lack of descriptors, it refuses that class to the same user for good: a task does not end then, or
 * something is never closed. So whoever goes on through a lack of descriptors loads all of its classes before. Those in
 * a jar or an image need no descriptors but the one that is open as soon as one of them has been used.
 */
public final class ClassFiles {
    private static final String SUFFIX = ".class";

    private ClassFiles() {}

    /**
     * Loads classes, without initializing any, if they are files. Blocks while the files are read, some hundredths of a
     * second for some hundred; to be called once, from a static initializer. In a jar or an image nothing is done. A
     * class that cannot be loaded, as for lack of a library, is left to whoever uses it.
     *
     * @param members of packages of which all classes are loaded, and all of those beneath, each by its own loader
     */
    public static void load(Class<?>... members) {
        for (Class<?> member : members) {
            File root = folder(member);
            if (root != null) {
                String name = member.getPackageName();
                load(new File(root, name.replace('.', '/')), name.concat("."), member.getClassLoader());
            }
        }
    }

    /** Where a class is a file beneath; null if it is none. */
    private static @Nullable File folder(Class<?> member) {
        CodeSource source = member.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return null;
        }
        try {
            URI location = source.getLocation().toURI();
            return location.getScheme().equals("file") && location.getPath().endsWith("/") ? new File(location) : null;
        } catch (URISyntaxException | IllegalArgumentException elsewhere) {
            return null;
        }
    }

    private static void load(File folder, String prefix, ClassLoader loader) {
        String[] names = folder.list();
        if (names == null) {
            return;
        }
        for (String name : names) {
            if (name.endsWith(SUFFIX) && name.indexOf('-') < 0) {
                load(prefix.concat(name.substring(0, name.length() - SUFFIX.length())), loader);
            } else if (name.indexOf('.') < 0) {
                load(new File(folder, name), prefix.concat(name).concat("."), loader);
            }
        }
    }

    private static void load(String name, ClassLoader loader) {
        try {
            Class<?> _ = Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError unusable) {
            // Whoever uses it is told.
        }
    }
}
