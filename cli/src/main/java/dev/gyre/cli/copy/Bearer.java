package dev.gyre.cli.copy;

import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import java.util.List;

/** Something with attributes: an open file, or what a path leads to. */
sealed interface Bearer {
    void setOwner(int user, int group) throws IoException;

    List<String> attributes() throws IoException;

    byte[] attribute(String name) throws IoException;

    void setAttribute(String name, byte[] value) throws IoException;

    void removeAttribute(String name) throws IoException;

    /** An open file. */
    record OfFile(File file) implements Bearer {
        @Override
        public void setOwner(int user, int group) throws IoException {
            file.setOwner(user, group);
        }

        @Override
        public List<String> attributes() throws IoException {
            return file.listExtendedAttributes();
        }

        @Override
        public byte[] attribute(String name) throws IoException {
            return file.getExtendedAttribute(name);
        }

        @Override
        public void setAttribute(String name, byte[] value) throws IoException {
            file.setExtendedAttribute(name, value);
        }

        @Override
        public void removeAttribute(String name) throws IoException {
            file.removeExtendedAttribute(name);
        }
    }

    /** What a path leads to, without following a symbolic link. */
    record OfPath(Directory folder, String path) implements Bearer {
        @Override
        public void setOwner(int user, int group) throws IoException {
            folder.setOwner(path, user, group);
        }

        @Override
        public List<String> attributes() throws IoException {
            return folder.listExtendedAttributes(path);
        }

        @Override
        public byte[] attribute(String name) throws IoException {
            return folder.getExtendedAttribute(path, name);
        }

        @Override
        public void setAttribute(String name, byte[] value) throws IoException {
            folder.setExtendedAttribute(path, name, value);
        }

        @Override
        public void removeAttribute(String name) throws IoException {
            folder.removeExtendedAttribute(path, name);
        }
    }
}
