package dev.gyre.io;

/**
 * Why an operation failed, as far as a caller could react to it.
 *
 * <p>Which reasons an operation can have is declared by {@link Operation}; the error number behind a reason is in
 * {@link IoException#errorNumber()}.
 */
public enum Reason {
    /** Nobody listens at the address, or its queue of connections is full. */
    CONNECTION_REFUSED("connection refused"),
    /** The peer reset the connection, or it vanished while data was under way. */
    CONNECTION_RESET("connection reset by the peer"),
    /** The connection ended before it was accepted. */
    CONNECTION_ABORTED("connection aborted before it was accepted"),
    /** Nobody reads the other end any more. */
    BROKEN_PIPE("the other end is closed for reading"),
    /** The socket has no peer. */
    NOT_CONNECTED("the socket is not connected"),
    /** The socket already has a peer. */
    ALREADY_CONNECTED("the socket is already connected"),
    /** The time that was given, by the caller or by the network's own rules, is over. */
    TIMED_OUT("timed out"),
    /** The network interface is down. */
    NETWORK_DOWN("the network is down"),
    /** No route leads to the network. */
    NETWORK_UNREACHABLE("the network is unreachable"),
    /** No route leads to the host, or it does not answer. */
    HOST_UNREACHABLE("the host is unreachable"),
    /** Another socket has the address. */
    ADDRESS_IN_USE("the address is in use"),
    /** Port 0 was asked for and no port of the ephemeral range is free. */
    EPHEMERAL_PORTS_EXHAUSTED("no ephemeral port is free"),
    /** The address belongs to no interface of this machine. */
    ADDRESS_NOT_AVAILABLE("the address is not available on this machine"),
    /** A link-local address of IPv6 has no meaning without the interface that it is on. */
    INTERFACE_MISSING("a link-local address needs its interface, as in fe80::1%eth0"),
    /** The kernel does not know this family of addresses. */
    ADDRESS_FAMILY_UNSUPPORTED("the address family is not supported"),
    /** The kernel does not know this protocol. */
    PROTOCOL_UNSUPPORTED("the protocol is not supported"),
    /** The protocol does not know this type of socket. */
    SOCKET_TYPE_UNSUPPORTED("the socket type is not supported"),
    /** The protocol does not know this option. */
    OPTION_UNSUPPORTED("the socket option is not supported"),
    /** The kernel does not take this value for the option, on this socket as it is. */
    OPTION_VALUE_REFUSED("the kernel does not take this value for the socket option"),
    /** The target is of a kind that does not have this operation. */
    OPERATION_UNSUPPORTED("the operation is not supported by its target"),
    /** The protocol was violated, by the peer or on the way. */
    PROTOCOL_FAILURE("protocol failure"),
    /** The descriptor is not a socket. */
    NOT_A_SOCKET("not a socket"),
    /** The socket does not listen. */
    NOT_LISTENING("the socket does not listen"),
    /** The socket has no local address. */
    NOT_BOUND("the socket is not bound to an address"),
    /** The message does not fit into one datagram. */
    MESSAGE_TOO_BIG("the message is too big"),
    /** The socket receives from this group already. */
    ALREADY_JOINED("the socket has joined the group already"),
    /** The socket does not receive from this group. */
    NOT_JOINED("the socket has not joined the group"),
    /** The datagram has no address, and its socket no peer. */
    NO_DESTINATION("the datagram has no address, and the socket is not connected"),
    /** A send or receive timeout does not fit into the kernel's field. */
    TIMEOUT_TOO_BIG("the timeout is too big"),
    /** Neither a name that a host can have nor an address. */
    BAD_HOST_NAME("not a host name"),
    /** Nobody knows a host of this name. */
    UNKNOWN_HOST("no such host"),
    /** The name exists, and has no address of the wanted kind. */
    NO_ADDRESS("the host has no address of the wanted kind"),
    /** The name servers refused, failed, or answered what nobody could use. */
    NAME_SERVER_FAILURE("the name servers failed"),
    /** A file that says how names are looked up cannot be read. */
    NAME_CONFIGURATION("the configuration of the name lookup cannot be read"),
    /** The permission bits refuse it, on the target or on a folder above it. */
    ACCESS_DENIED("access denied"),
    /** A privilege is missing, or a firewall, a seal or an attribute forbids it. */
    PERMISSION_DENIED("operation not permitted"),
    /** No file, folder or socket has this path. */
    FILE_NOT_FOUND("no such file or directory"),
    /** The path is taken. */
    PATH_ALREADY_EXISTS("the path exists already"),
    /** A part of the path that must be a folder is none. */
    NOT_A_DIRECTORY("not a directory"),
    /** The target is a folder. */
    IS_A_DIRECTORY("is a directory"),
    /** The folder has entries. */
    DIRECTORY_NOT_EMPTY("the directory is not empty"),
    /** Too many symbolic links, or one where none is allowed. */
    SYMLINK_LOOP("too many symbolic links, or one where none may be followed"),
    /** The path would leave the folder that it must stay beneath, or the file system. */
    PATH_ESCAPES("the path leaves the directory that it must stay beneath"),
    /** The path, or a name in it, is too long. */
    NAME_TOO_LONG("the name is too long"),
    /** The path contains what no path can: a NUL character, or an unpaired surrogate that stands for no byte. */
    BAD_PATH("the path contains a character that no path can have"),
    /** The file has the greatest number of links already. */
    LINK_LIMIT("too many links"),
    /** The two paths are on different file systems; copy the content instead. */
    CROSS_DEVICE("the paths are on different file systems"),
    /** A directory was to be moved into itself, or to change places with something in it. */
    INTO_ITSELF("a directory cannot be moved into itself"),
    /** Not a symbolic link. */
    NOT_A_SYMLINK("not a symbolic link"),
    /** The file system is read-only. */
    READ_ONLY_FILE_SYSTEM("the file system is read-only"),
    /** The device is full. */
    NO_SPACE_LEFT("no space left on the device"),
    /** More open files are on their way over Unix sockets than the process may have open. */
    PASSED_LIMIT("too many open files are being passed at once (raise 'ulimit -n')"),
    /** The user's quota is used up. */
    DISK_QUOTA("the disk quota is used up"),
    /** The file would exceed a limit of the process or of the file system. */
    FILE_TOO_BIG("the file is too big"),
    /** The program file is being executed, or written. */
    FILE_BUSY("the file is busy"),
    /** The device is in use. */
    DEVICE_BUSY("the device is busy"),
    /** There is no device behind the special file. */
    NO_DEVICE("no such device"),
    /** The device or a network file system failed. */
    INPUT_OUTPUT("input/output error"),
    /** A pipe, socket or terminal has no offsets. */
    NOT_SEEKABLE("the file is not seekable"),
    /** The position would lie before the beginning of the file, or beyond what its file system has. */
    NO_SUCH_POSITION("the file has no such position"),
    /** The file was not opened for reading. */
    NOT_OPEN_FOR_READING("the file is not open for reading"),
    /** The file was not opened for writing. */
    NOT_OPEN_FOR_WRITING("the file is not open for writing"),
    /** A shared lock needs a file that is open for reading, an exclusive one a file that is open for writing. */
    NOT_OPEN_FOR_LOCK("the file is not open for what the lock asks for: reading to share it, writing to exclude"),
    /** Direct I/O asks for an aligned address, length and offset. */
    MISALIGNED("address, length or offset is not aligned as direct I/O asks for"),
    /**
     * Nothing is behind the buffer's memory, as when a file that is mapped there has become shorter. What a connection
     * had received may be lost.
     */
    MEMORY_GONE("the buffer's memory is not there: is it that of a mapped file that became shorter?"),
    /** The file ends before the part that was to be mapped does. */
    BEYOND_END("the part is beyond the end of the file (make the file longer first)"),
    /** The process's address space has no room, or it has as many mappings as it may. */
    MAPPING_LIMIT("no room in the address space, or too many mappings (raise vm.max_map_count, 'ulimit -v')"),
    /** The file has no extended attribute of this name. */
    NO_SUCH_ATTRIBUTE("no such extended attribute"),
    /** The file has an extended attribute of this name already. */
    ATTRIBUTE_EXISTS("the extended attribute exists already"),
    /** The value, or the list of all names, is longer than the kernel has it (64 KiB). */
    ATTRIBUTE_TOO_BIG("the extended attribute is longer than 64 KiB, or the names together are"),
    /** The file system does not take this name or this value. */
    ATTRIBUTE_INVALID("the file system does not take this name or value for an extended attribute"),
    /** The file system has no extended attributes, or none of this kind. */
    ATTRIBUTE_UNSUPPORTED(
            "the file system has no such extended attributes (a program's own have names that begin with 'user.')"),
    /** The process has as many descriptors as it may, or the user as many watchers. */
    WATCHER_LIMIT("too many watchers of this user, or open files of this process (raise fs.inotify.max_user_instances, "
            + "'ulimit -n')"),
    /** The user watches as many files as it may. */
    WATCH_LIMIT("this user watches too many files (raise fs.inotify.max_user_watches)"),
    /** The watcher watches the same file already. */
    ALREADY_WATCHED("the watcher watches this file already, perhaps by another path"),
    /** The process has as many descriptors as it may. */
    PROCESS_FD_LIMIT("the process has too many open files (raise 'ulimit -n')"),
    /** The system has as many open files as it may. */
    SYSTEM_FD_LIMIT("the system has too many open files (raise fs.file-max)"),
    /** The kernel has no memory, no buffers or no thread for it. */
    SYSTEM_RESOURCES("the kernel is out of memory, buffers or threads"),
    /** The kernel does not know how to run the file: it is neither a program of this machine nor a script. */
    NOT_EXECUTABLE("not a program that this machine can run (a script begins with a line '#!/…')"),
    /** Arguments and environment are together, or one of them alone is, longer than the kernel takes. */
    ARGUMENTS_TOO_LONG("the arguments and the environment are too long"),
    /** The user, the container or the system has as many processes and threads as it may. */
    PROCESS_LIMIT("no further process can be had (raise 'ulimit -u' or the limits of the container)"),
    /** The process has no such child: other code has waited for it. */
    NO_CHILD("no such child: other code of the process has waited for it"),
    /** It would have to wait and was told not to. */
    WOULD_BLOCK("would have to wait"),
    /** The stream ended before all that was asked for had come. What had come is still there. */
    END_OF_STREAM("the stream ended early"),
    /** What was to be read has no end within the limit that the caller gave. It is still there. */
    TOO_LONG("it is longer than allowed"),
    /** The thing was closed, before the operation or while it ran. */
    CLOSED("closed"),
    /** The running kernel is too old, or was built or configured without it. */
    UNSUPPORTED_BY_KERNEL("not supported by this kernel"),
    /** An error number that the operation does not declare: worth a report to Gyre. */
    UNEXPECTED("unexpected error");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /**
     * What a person would say.
     *
     * @return a phrase without a full stop, which the messages of {@link IoException} use
     */
    public String text() {
        return text;
    }

    /**
     * Whether something was missing that others give back: descriptors, memory of the kernel's, ephemeral ports. Nobody
     * is to blame, and what failed is worth another try in a moment; a server goes on to accept.
     *
     * @return true for {@link #PROCESS_FD_LIMIT}, {@link #SYSTEM_FD_LIMIT}, {@link #SYSTEM_RESOURCES} and
     *     {@link #EPHEMERAL_PORTS_EXHAUSTED}
     */
    public boolean isShortage() {
        return this == PROCESS_FD_LIMIT
                || this == SYSTEM_FD_LIMIT
                || this == SYSTEM_RESOURCES
                || this == EPHEMERAL_PORTS_EXHAUSTED;
    }
}
