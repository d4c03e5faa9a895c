package dev.gyre.io;

import static dev.gyre.io.Declaration.*;
import static dev.gyre.io.ErrorNumber.*;

import java.util.Collections;
import java.util.Set;

/**
 * The operations that can fail, each with everything that its error numbers mean.
 *
 * <p>An error number has one of four fates: the backend retries it ({@code EINTR}), it is a declared {@link Reason},
 * it is the programmer's fault and ends in an {@link AssertionError} ({@code EFAULT}, {@code EBADF}, {@code EINVAL}
 * from arguments and memory that Gyre made), or nobody expected it: {@link Reason#UNEXPECTED}, with the call and the
 * number. The declaration here is the only one: the documentation, the backends and their tests all use it.
 *
 * <p>Sources: the manual page that {@link #manual()} names, and the kernel's own code where the page is silent.
 */
public enum Operation {
    /** Make a socket, bind it, and listen. An option that is refused is a failure of {@link #SET_OPTION}. */
    LISTEN("listen", "socket(2), bind(2), listen(2), getsockname(2)", new Declaration()
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EAFNOSUPPORT, Reason.ADDRESS_FAMILY_UNSUPPORTED)
            .on(EPFNOSUPPORT, Reason.ADDRESS_FAMILY_UNSUPPORTED)
            .on(EADDRINUSE, Reason.ADDRESS_IN_USE)
            .on(EADDRNOTAVAIL, Reason.ADDRESS_NOT_AVAILABLE)
            .on(EINVAL, Reason.ADDRESS_NOT_AVAILABLE)
            .on(EISCONN, Reason.ALREADY_CONNECTED)
            .on(ENOTSOCK, Reason.NOT_A_SOCKET)
            .on(ENOENT, Reason.FILE_NOT_FOUND)
            .on(ENAMETOOLONG, Reason.NAME_TOO_LONG)
            .on(ENETDOWN, Reason.NETWORK_DOWN)
            .on(ENOTDIR, Reason.NOT_A_DIRECTORY)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .onDescriptorLimits()
            .on(EPROTONOSUPPORT, Reason.PROTOCOL_UNSUPPORTED)
            .on(EPROTOTYPE, Reason.PROTOCOL_UNSUPPORTED)
            .on(ESOCKTNOSUPPORT, Reason.SOCKET_TYPE_UNSUPPORTED)
            .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
            .on(EDESTADDRREQ, Reason.NOT_BOUND)
            .on(ELOOP, Reason.SYMLINK_LOOP)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EDQUOT, Reason.DISK_QUOTA)
            .on(EIO, Reason.INPUT_OUTPUT)
            .also(Reason.EPHEMERAL_PORTS_EXHAUSTED, Reason.INTERFACE_MISSING)),

    /**
     * Take the next connection from a listener. Errors that were pending on the connection itself never reach the
     * caller: the next connection is waited for, as accept(2) asks.
     */
    ACCEPT("accept", "accept4(2)", new Declaration()
            .retried(ECONNABORTED, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH)
            .retried(ETIMEDOUT, ENOSR, ESOCKTNOSUPPORT, EPROTONOSUPPORT, ERESTARTSYS)
            .onDescriptorLimits()
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .on(EINVAL, Reason.NOT_LISTENING)
            .on(ENOTSOCK, Reason.NOT_A_SOCKET)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EAGAIN, Reason.WOULD_BLOCK)
            .also(Reason.CLOSED, Reason.TIMED_OUT)),

    /** Make a socket and connect it. An option that is refused is a failure of {@link #SET_OPTION}. */
    CONNECT("connect", "socket(2), bind(2), connect(2)", new Declaration()
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EADDRINUSE, Reason.ADDRESS_IN_USE)
            .on(EADDRNOTAVAIL, Reason.ADDRESS_NOT_AVAILABLE)
            .on(EAFNOSUPPORT, Reason.ADDRESS_FAMILY_UNSUPPORTED)
            .on(EAGAIN, Reason.WOULD_BLOCK)
            .on(ECONNREFUSED, Reason.CONNECTION_REFUSED)
            .on(ECONNRESET, Reason.CONNECTION_RESET)
            .on(ECONNABORTED, Reason.CONNECTION_RESET)
            .on(EISCONN, Reason.ALREADY_CONNECTED)
            .on(ENETUNREACH, Reason.NETWORK_UNREACHABLE)
            .on(ENETDOWN, Reason.NETWORK_DOWN)
            .on(EINVAL, Reason.NETWORK_UNREACHABLE) // a route of the type blackhole
            .on(EHOSTUNREACH, Reason.HOST_UNREACHABLE)
            .on(EHOSTDOWN, Reason.HOST_UNREACHABLE)
            .on(ENOENT, Reason.FILE_NOT_FOUND)
            .on(ENOTDIR, Reason.NOT_A_DIRECTORY)
            .on(ELOOP, Reason.SYMLINK_LOOP)
            .on(ENAMETOOLONG, Reason.NAME_TOO_LONG)
            .on(ENOTSOCK, Reason.NOT_A_SOCKET)
            .on(EPROTOTYPE, Reason.PROTOCOL_UNSUPPORTED)
            .on(EPROTONOSUPPORT, Reason.PROTOCOL_UNSUPPORTED)
            .on(ESOCKTNOSUPPORT, Reason.SOCKET_TYPE_UNSUPPORTED)
            .on(ETIMEDOUT, Reason.TIMED_OUT)
            .onDescriptorLimits()
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.EPHEMERAL_PORTS_EXHAUSTED, Reason.INTERFACE_MISSING, Reason.CLOSED)),

    /** Make two sockets that are connected to each other. */
    CONNECT_PAIR("make", "socketpair(2)", new Declaration()
            .on(EAFNOSUPPORT, Reason.ADDRESS_FAMILY_UNSUPPORTED)
            .on(EPROTONOSUPPORT, Reason.PROTOCOL_UNSUPPORTED)
            .on(ESOCKTNOSUPPORT, Reason.SOCKET_TYPE_UNSUPPORTED)
            .onDescriptorLimits()
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)),

    /** Look for a network interface, by its name or its number. */
    FIND_INTERFACE("find network interface", "netdevice(7)", new Declaration()
            .on(ENODEV, Reason.NO_DEVICE)
            .on(ENXIO, Reason.NO_DEVICE)
            .onDescriptorLimits()
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)),

    /** Ask who is at the other end of a Unix socket. */
    PEER_CREDENTIALS("find credentials of the peer of", "unix(7), getsockopt(2)", new Declaration()
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(ENOPROTOOPT, Reason.OPERATION_UNSUPPORTED)
            .on(ENOTSOCK, Reason.NOT_A_SOCKET)
            .also(Reason.CLOSED)),

    /** Look up the addresses of a host. */
    LOOKUP("look up", "hosts(5), resolv.conf(5), RFC 1035", new Declaration()
            .onDescriptorLimits()
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.EPHEMERAL_PORTS_EXHAUSTED)
            .also(Reason.BAD_HOST_NAME, Reason.UNKNOWN_HOST, Reason.NO_ADDRESS, Reason.NAME_SERVER_FAILURE)
            .also(Reason.NAME_CONFIGURATION, Reason.TIMED_OUT)),

    /** Receive from a connection. */
    READ("read", "recv(2)", new Declaration()
            .on(ECONNRESET, Reason.CONNECTION_RESET)
            .on(ECONNREFUSED, Reason.CONNECTION_REFUSED)
            .on(EPIPE, Reason.CONNECTION_RESET)
            .on(ETIMEDOUT, Reason.TIMED_OUT)
            .on(EHOSTUNREACH, Reason.HOST_UNREACHABLE)
            .on(ENETUNREACH, Reason.NETWORK_UNREACHABLE)
            .on(ENETDOWN, Reason.NETWORK_DOWN)
            .on(ENOTCONN, Reason.NOT_CONNECTED)
            .on(EINVAL, Reason.NOT_CONNECTED)
            .on(ENOTSOCK, Reason.NOT_A_SOCKET)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(EFAULT, Reason.MEMORY_GONE)
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Take from a buffered source what is more than bytes: a number, a line, a frame. */
    READ_BUFFERED("read", "read(2)", new Declaration()
            .also(Reason.END_OF_STREAM, Reason.TOO_LONG, Reason.CLOSED)),

    /** Send on a connection. */
    WRITE("write", "send(2)", new Declaration()
            .on(EPIPE, Reason.BROKEN_PIPE)
            .on(ECONNRESET, Reason.CONNECTION_RESET)
            .on(ETIMEDOUT, Reason.TIMED_OUT)
            .on(EHOSTUNREACH, Reason.HOST_UNREACHABLE)
            .on(ENETUNREACH, Reason.NETWORK_UNREACHABLE)
            .on(ENETDOWN, Reason.NETWORK_DOWN)
            .on(ENOTCONN, Reason.NOT_CONNECTED)
            .on(ENOTSOCK, Reason.NOT_A_SOCKET)
            .on(EMSGSIZE, Reason.MESSAGE_TOO_BIG)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(ETOOMANYREFS, Reason.PASSED_LIMIT)
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EFAULT, Reason.MEMORY_GONE)
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /**
     * Send a part of a file on a connection. What cannot be read at an offset, for whatever reason, is not supported:
     * of the ways to send, each would find another fault with it.
     */
    SEND_FILE("send file", "sendfile(2), splice(2)", new Declaration()
            .on(EPIPE, Reason.BROKEN_PIPE)
            .on(ECONNRESET, Reason.CONNECTION_RESET)
            .on(ETIMEDOUT, Reason.TIMED_OUT)
            .on(EHOSTUNREACH, Reason.HOST_UNREACHABLE)
            .on(ENETUNREACH, Reason.NETWORK_UNREACHABLE)
            .on(ENETDOWN, Reason.NETWORK_DOWN)
            .on(ENOTCONN, Reason.NOT_CONNECTED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(EBADF, Reason.OPERATION_UNSUPPORTED)
            .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
            .on(EISDIR, Reason.OPERATION_UNSUPPORTED)
            .on(ENXIO, Reason.OPERATION_UNSUPPORTED)
            .on(ESPIPE, Reason.OPERATION_UNSUPPORTED)
            .on(EOVERFLOW, Reason.FILE_TOO_BIG)
            .on(ENODATA, Reason.INPUT_OUTPUT)
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED, Reason.TIMED_OUT)),

    /** End one direction, or both, of a connection. */
    SHUTDOWN("shut down", "shutdown(2)", new Declaration()
            .on(ENOTCONN, Reason.NOT_CONNECTED)
            .on(ENOTSOCK, Reason.NOT_A_SOCKET)
            .also(Reason.CLOSED)),

    /**
     * Set an option of a socket. Some values need a privilege; some must be known to the kernel, as the name of an
     * interface or of an algorithm.
     */
    SET_OPTION("set option of", "setsockopt(2), socket(7), ip(7), ipv6(7), tcp(7)", option()
            .on(EACCES, Reason.PERMISSION_DENIED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EINVAL, Reason.OPTION_VALUE_REFUSED)
            .on(ENOENT, Reason.OPTION_VALUE_REFUSED)
            .on(EBUSY, Reason.OPTION_VALUE_REFUSED)
            .on(ENODEV, Reason.NO_DEVICE)
            .on(EISCONN, Reason.ALREADY_CONNECTED)
            .on(EDOM, Reason.TIMEOUT_TOO_BIG)
            .on(EADDRINUSE, Reason.ADDRESS_IN_USE)
            .on(EADDRNOTAVAIL, Reason.ADDRESS_NOT_AVAILABLE)),

    /** Ask for the value of an option of a socket. */
    GET_OPTION("get option of", "getsockopt(2), socket(7), ip(7), ipv6(7), tcp(7)", option()
            .on(EINVAL, Reason.OPTION_UNSUPPORTED)
            .on(ENODEV, Reason.NO_DEVICE)),

    /** Ask for a socket's own address. */
    LOCAL_ADDRESS("find local address of", "getsockname(2)", new Declaration()
            .on(ENOTSOCK, Reason.NOT_A_SOCKET)
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Ask for the address of a socket's peer. */
    REMOTE_ADDRESS("find remote address of", "getpeername(2)", new Declaration()
            .on(ENOTCONN, Reason.NOT_CONNECTED)
            .on(EINVAL, Reason.NOT_CONNECTED)
            .on(ENOTSOCK, Reason.NOT_A_SOCKET)
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Make a socket of datagrams and bind it. */
    BIND("bind", "socket(2), setsockopt(2), bind(2)", new Declaration()
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EAFNOSUPPORT, Reason.ADDRESS_FAMILY_UNSUPPORTED)
            .on(EADDRINUSE, Reason.ADDRESS_IN_USE)
            .on(EADDRNOTAVAIL, Reason.ADDRESS_NOT_AVAILABLE)
            .on(EINVAL, Reason.ADDRESS_NOT_AVAILABLE)
            .on(ENODEV, Reason.NO_DEVICE)
            .on(ENOENT, Reason.FILE_NOT_FOUND)
            .on(ENOTDIR, Reason.NOT_A_DIRECTORY)
            .on(ELOOP, Reason.SYMLINK_LOOP)
            .on(ENAMETOOLONG, Reason.NAME_TOO_LONG)
            .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EDQUOT, Reason.DISK_QUOTA)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ENOPROTOOPT, Reason.OPTION_UNSUPPORTED)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(EPROTONOSUPPORT, Reason.PROTOCOL_UNSUPPORTED)
            .on(ESOCKTNOSUPPORT, Reason.SOCKET_TYPE_UNSUPPORTED)
            .onDescriptorLimits()
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.EPHEMERAL_PORTS_EXHAUSTED, Reason.INTERFACE_MISSING)),

    /** Send datagrams. */
    SEND("send", "sendmsg(2), sendmmsg(2)", new Declaration()
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EMSGSIZE, Reason.MESSAGE_TOO_BIG)
            .on(EDESTADDRREQ, Reason.NO_DESTINATION)
            .on(ENOTCONN, Reason.NO_DESTINATION)
            .on(ECONNREFUSED, Reason.CONNECTION_REFUSED)
            .on(ECONNRESET, Reason.CONNECTION_RESET)
            .on(EPIPE, Reason.CONNECTION_RESET)
            .on(ENETUNREACH, Reason.NETWORK_UNREACHABLE)
            .on(ENETDOWN, Reason.NETWORK_DOWN)
            .on(EHOSTUNREACH, Reason.HOST_UNREACHABLE)
            .on(EHOSTDOWN, Reason.HOST_UNREACHABLE)
            .on(EAFNOSUPPORT, Reason.ADDRESS_FAMILY_UNSUPPORTED)
            .on(EADDRNOTAVAIL, Reason.ADDRESS_NOT_AVAILABLE)
            .on(EPROTOTYPE, Reason.PROTOCOL_UNSUPPORTED)
            .on(ENOENT, Reason.FILE_NOT_FOUND)
            .on(ENOTDIR, Reason.NOT_A_DIRECTORY)
            .on(ELOOP, Reason.SYMLINK_LOOP)
            .on(EINVAL, Reason.ADDRESS_NOT_AVAILABLE)
            .on(ENODEV, Reason.NO_DEVICE)
            .on(ENXIO, Reason.NO_DEVICE)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(ENOPROTOOPT, Reason.PROTOCOL_UNSUPPORTED)
            .on(EPROTO, Reason.PROTOCOL_FAILURE)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(EFAULT, Reason.MEMORY_GONE)
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED, Reason.INTERFACE_MISSING)),

    /** Receive datagrams. On a socket that is not connected there are errors of this machine only. */
    RECEIVE("receive", "recvmsg(2), recvmmsg(2)", new Declaration()
            .on(ECONNREFUSED, Reason.CONNECTION_REFUSED)
            .on(ECONNRESET, Reason.CONNECTION_RESET)
            .on(EMSGSIZE, Reason.MESSAGE_TOO_BIG)
            .on(ENETUNREACH, Reason.NETWORK_UNREACHABLE)
            .on(ENETDOWN, Reason.NETWORK_DOWN)
            .on(EHOSTUNREACH, Reason.HOST_UNREACHABLE)
            .on(EHOSTDOWN, Reason.HOST_UNREACHABLE)
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(ENOPROTOOPT, Reason.PROTOCOL_UNSUPPORTED)
            .on(EPROTO, Reason.PROTOCOL_FAILURE)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(EFAULT, Reason.MEMORY_GONE)
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Begin to receive what is sent to a group. */
    JOIN_GROUP("join", "setsockopt(2), ip(7), ipv6(7)", multicast()
            .on(EADDRINUSE, Reason.ALREADY_JOINED)
            .on(EADDRNOTAVAIL, Reason.ALREADY_JOINED)),

    /** Receive what is sent to a group no more. */
    LEAVE_GROUP("leave", "setsockopt(2), ip(7), ipv6(7)", multicast()
            .on(EADDRNOTAVAIL, Reason.NOT_JOINED)
            .on(EINVAL, Reason.NOT_JOINED)),

    /** Say how datagrams go to groups. */
    SET_MULTICAST("set multicast options of", "setsockopt(2), ip(7), ipv6(7)", multicast()
            .on(EADDRNOTAVAIL, Reason.NO_DEVICE)
            .on(EINVAL, Reason.NO_DEVICE)),

    /** Open a folder. */
    OPEN_DIRECTORY("open directory", "openat2(2)", opening()),

    /** Open or create a file. */
    OPEN_FILE("open file", "openat2(2)", opening()),

    /** Ask for the kind, size and times of a file. */
    STAT("stat", "statx(2)", new Declaration()
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(ELOOP, Reason.SYMLINK_LOOP)
            .on(ENAMETOOLONG, Reason.NAME_TOO_LONG)
            .on(ENOENT, Reason.FILE_NOT_FOUND)
            .on(ENOTDIR, Reason.NOT_A_DIRECTORY)
            .on(EXDEV, Reason.PATH_ESCAPES)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ESTALE, Reason.FILE_NOT_FOUND)
            .onDescriptorLimits()
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.BAD_PATH, Reason.CLOSED)),

    /** Read the entries of a folder. */
    LIST("list", "openat2(2), getdents64(2)", new Declaration()
            .onDescriptorLimits()
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(ENOENT, Reason.FILE_NOT_FOUND)
            .on(ENOTDIR, Reason.NOT_A_DIRECTORY)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Read from a file. */
    READ_FILE("read file", "read(2), pread(2)", new Declaration()
            .on(EBADF, Reason.NOT_OPEN_FOR_READING)
            .on(EINVAL, Reason.MISALIGNED)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(EISDIR, Reason.IS_A_DIRECTORY)
            .on(EAGAIN, Reason.WOULD_BLOCK)
            .on(ENXIO, Reason.NOT_SEEKABLE)
            .on(ESPIPE, Reason.NOT_SEEKABLE)
            .on(EOVERFLOW, Reason.NOT_SEEKABLE)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(ETIMEDOUT, Reason.TIMED_OUT)
            .on(ENODATA, Reason.INPUT_OUTPUT)
            .on(EFAULT, Reason.MEMORY_GONE)
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Write to a file. */
    WRITE_FILE("write file", "write(2), pwrite(2)", new Declaration()
            .on(EBADF, Reason.NOT_OPEN_FOR_WRITING)
            .on(EINVAL, Reason.MISALIGNED)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(EAGAIN, Reason.WOULD_BLOCK)
            .on(EDQUOT, Reason.DISK_QUOTA)
            .on(EFBIG, Reason.FILE_TOO_BIG)
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EPIPE, Reason.BROKEN_PIPE)
            .on(ENXIO, Reason.NOT_SEEKABLE)
            .on(ESPIPE, Reason.NOT_SEEKABLE)
            .on(EOVERFLOW, Reason.FILE_TOO_BIG)
            .on(ETXTBSY, Reason.FILE_BUSY)
            .on(EBUSY, Reason.DEVICE_BUSY)
            .on(EFAULT, Reason.MEMORY_GONE)
            .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Bring written data to the device. */
    SYNC("sync", "fsync(2), fdatasync(2)", new Declaration()
            .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
            .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EDQUOT, Reason.DISK_QUOTA)
            // The current folder is opened for it.
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(ENOENT, Reason.FILE_NOT_FOUND)
            .onDescriptorLimits()
            .also(Reason.CLOSED)),

    /** Ask what the process may do with a path. */
    ACCESS("access", "faccessat(2)", path()
            .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
            .on(ETXTBSY, Reason.FILE_BUSY)),

    /** Make a folder, or the folders on the way to one. */
    MAKE_DIRECTORY("make directory", "mkdirat(2)", naming()),

    /** Give something another name. */
    RENAME("rename", "renameat2(2)", naming()
            .on(EBUSY, Reason.DEVICE_BUSY)
            .on(EINVAL, Reason.INTO_ITSELF)
            .on(EISDIR, Reason.IS_A_DIRECTORY)
            .on(ENOTEMPTY, Reason.DIRECTORY_NOT_EMPTY)
            .on(ETXTBSY, Reason.FILE_BUSY)
            .on(EXDEV, Reason.CROSS_DEVICE)),

    /** Give a file one more name. */
    HARD_LINK("link", "linkat(2)", naming()
            .on(EXDEV, Reason.CROSS_DEVICE)),

    /** Make a symbolic link. */
    SYMLINK("make symbolic link", "symlinkat(2)", naming()),

    /** Make a named pipe, a device file, or the name of a socket. */
    MAKE_NODE("make node", "mknodat(2)", naming()),

    /** Ask what a symbolic link says. */
    READ_LINK("read symbolic link", "readlinkat(2)", path()
            .on(EINVAL, Reason.NOT_A_SYMLINK)),

    /** Ask where a path leads. */
    REAL_PATH("find real path of", "openat2(2), readlinkat(2)", path()
            .onDescriptorLimits()
            .on(EXDEV, Reason.PATH_ESCAPES)
            .on(EAGAIN, Reason.WOULD_BLOCK)),

    /** Remove a name of what is no folder. */
    DELETE_FILE("delete file", "unlinkat(2)", deleting()
            .on(EISDIR, Reason.IS_A_DIRECTORY)),

    /** Remove an empty folder. */
    DELETE_DIRECTORY("delete directory", "unlinkat(2)", deleting()
            .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
            .on(EEXIST, Reason.DIRECTORY_NOT_EMPTY)
            .on(ENOTEMPTY, Reason.DIRECTORY_NOT_EMPTY)),

    /** Set permission bits. */
    SET_PERMISSIONS("set permissions of", "fchmodat(2), fchmod(2)", attributes()),

    /** Set user and group. */
    SET_OWNER("set owner of", "fchownat(2), fchown(2)", attributes()
            .on(EDQUOT, Reason.DISK_QUOTA)),

    /** Set the times of access and change. */
    SET_TIMES("set times of", "utimensat(2)", attributes()),

    /** Set the length of a file. */
    TRUNCATE("truncate", "ftruncate(2)", new Declaration()
            .on(EBADF, Reason.NOT_OPEN_FOR_WRITING)
            .on(EINVAL, Reason.NOT_OPEN_FOR_WRITING)
            .on(EDQUOT, Reason.DISK_QUOTA)
            .on(EFBIG, Reason.FILE_TOO_BIG)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
            .on(ETXTBSY, Reason.FILE_BUSY)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Reserve room in a file, or give it back. */
    ALLOCATE("allocate", "fallocate(2)", new Declaration()
            .on(EBADF, Reason.NOT_OPEN_FOR_WRITING)
            .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
            .on(ENODEV, Reason.OPERATION_UNSUPPORTED)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(ENOSYS, Reason.OPERATION_UNSUPPORTED)
            .on(ESPIPE, Reason.NOT_SEEKABLE)
            .on(EISDIR, Reason.IS_A_DIRECTORY)
            .on(EDQUOT, Reason.DISK_QUOTA)
            .on(EFBIG, Reason.FILE_TOO_BIG)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
            .on(ETXTBSY, Reason.FILE_BUSY)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Look for data or holes in a file. */
    SEEK("seek", "lseek(2)", new Declaration()
            .on(EINVAL, Reason.NO_SUCH_POSITION)
            .on(ESPIPE, Reason.NOT_SEEKABLE)
            .on(EOVERFLOW, Reason.NO_SUCH_POSITION)
            .on(EIO, Reason.INPUT_OUTPUT)
            .also(Reason.CLOSED)),

    /** Lock a file, or give the lock back. */
    LOCK("lock", "fcntl_locking(2)", new Declaration()
            .on(EACCES, Reason.WOULD_BLOCK)
            .on(EAGAIN, Reason.WOULD_BLOCK)
            .on(EBADF, Reason.NOT_OPEN_FOR_LOCK)
            .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
            .on(ENOLCK, Reason.SYSTEM_RESOURCES)
            .on(ENOSYS, Reason.UNSUPPORTED_BY_KERNEL)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(EIO, Reason.INPUT_OUTPUT)
            .also(Reason.CLOSED)),

    /** Copy from a file to another inside the kernel, or let them share blocks. */
    COPY("copy", "copy_file_range(2), ioctl_ficlone(2)", new Declaration()
            .on(EBADF, Reason.NOT_OPEN_FOR_WRITING)
            .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(ENOSYS, Reason.OPERATION_UNSUPPORTED)
            .on(ENOTTY, Reason.OPERATION_UNSUPPORTED)
            .on(EXDEV, Reason.CROSS_DEVICE)
            .on(EISDIR, Reason.IS_A_DIRECTORY)
            .on(EDQUOT, Reason.DISK_QUOTA)
            .on(EFBIG, Reason.FILE_TOO_BIG)
            .on(EOVERFLOW, Reason.FILE_TOO_BIG)
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(ETXTBSY, Reason.FILE_BUSY)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Ask what a file system is and how full. */
    STAT_FILE_SYSTEM("stat file system of", "statfs(2), fstatfs(2)", new Declaration()
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(ENOENT, Reason.FILE_NOT_FOUND)
            .on(ESTALE, Reason.FILE_NOT_FOUND)
            .on(ENOSYS, Reason.OPERATION_UNSUPPORTED)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Tell how a part of a file will be used. */
    ADVISE("advise", "posix_fadvise(2)", new Declaration()
            .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
            .on(ESPIPE, Reason.NOT_SEEKABLE)
            .also(Reason.CLOSED)),

    /** Ask for the names of a file's extended attributes. */
    LIST_EXTENDED_ATTRIBUTES("list extended attributes of", "listxattr(2)", extendedAttributes()),

    /** Ask for the value of an extended attribute. */
    GET_EXTENDED_ATTRIBUTE("get extended attribute of", "getxattr(2)", extendedAttribute()),

    /** Set the value of an extended attribute. */
    SET_EXTENDED_ATTRIBUTE("set extended attribute of", "setxattr(2)", extendedAttribute()
            .on(EEXIST, Reason.ATTRIBUTE_EXISTS)
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EDQUOT, Reason.DISK_QUOTA)
            .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)),

    /** Remove an extended attribute. */
    REMOVE_EXTENDED_ATTRIBUTE("remove extended attribute of", "removexattr(2)", extendedAttribute()
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EDQUOT, Reason.DISK_QUOTA)
            .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)),

    /** Ask where the program is that the process runs. */
    EXECUTABLE_PATH("find the executable by", "readlink(2), proc(5)", path()),

    /** Make a part of a file memory. */
    MAP("map", "mmap(2), mremap(2)", new Declaration()
            .on(EBADF, Reason.NOT_OPEN_FOR_READING)
            .on(EACCES, Reason.NOT_OPEN_FOR_WRITING)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(ENODEV, Reason.OPERATION_UNSUPPORTED)
            .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
            .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
            .on(ENOSYS, Reason.UNSUPPORTED_BY_KERNEL)
            .on(EOVERFLOW, Reason.FILE_TOO_BIG)
            .on(EFBIG, Reason.FILE_TOO_BIG)
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ENOMEM, Reason.MAPPING_LIMIT)
            .on(EAGAIN, Reason.SYSTEM_RESOURCES)
            .onDescriptorLimits()
            .also(Reason.IS_A_DIRECTORY, Reason.BEYOND_END, Reason.CLOSED)),

    /** Bring what was written to mapped memory to the device. */
    SYNC_MAPPED("sync mapped memory of", "msync(2)", new Declaration()
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EDQUOT, Reason.DISK_QUOTA)
            .on(ENOMEM, Reason.MEMORY_GONE)),

    /** Make a queue of what happens to files. */
    OPEN_WATCHER("open", "inotify_init1(2)", new Declaration()
            .on(EMFILE, Reason.WATCHER_LIMIT)
            .on(ENFILE, Reason.SYSTEM_FD_LIMIT)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .on(ENOSYS, Reason.UNSUPPORTED_BY_KERNEL)),

    /** Watch a file. */
    WATCH("watch", "inotify_add_watch(2), openat2(2)", path()
            .on(EEXIST, Reason.ALREADY_WATCHED)
            .on(ENOSPC, Reason.WATCH_LIMIT)
            .onDescriptorLimits()),

    /** Take the next of what has happened to files. */
    NEXT_CHANGE("take the next change from", "inotify(7), read(2)", new Declaration()
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .also(Reason.CLOSED)),

    /** Start a child process. */
    SPAWN("spawn", "posix_spawn(3), execve(2), pipe2(2), openat(2), pidfd_open(2), epoll_ctl(2)", new Declaration()
            .on(E2BIG, Reason.ARGUMENTS_TOO_LONG)
            .on(EACCES, Reason.ACCESS_DENIED)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(EAGAIN, Reason.PROCESS_LIMIT)
            .on(EINVAL, Reason.NOT_EXECUTABLE)
            .on(ENOEXEC, Reason.NOT_EXECUTABLE)
            .on(ELIBBAD, Reason.NOT_EXECUTABLE)
            .on(EISDIR, Reason.IS_A_DIRECTORY)
            .on(ELOOP, Reason.SYMLINK_LOOP)
            .on(ENAMETOOLONG, Reason.NAME_TOO_LONG)
            .on(ENOENT, Reason.FILE_NOT_FOUND)
            .on(ESTALE, Reason.FILE_NOT_FOUND)
            .on(ENOTDIR, Reason.NOT_A_DIRECTORY)
            .on(ETXTBSY, Reason.FILE_BUSY)
            .on(EIO, Reason.INPUT_OUTPUT)
            .onDescriptorLimits()
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .on(ENOSPC, Reason.SYSTEM_RESOURCES)
            .on(ENOSYS, Reason.UNSUPPORTED_BY_KERNEL)
            .also(Reason.CLOSED)),

    /** Wait for the end of a child process. */
    AWAIT_CHILD("await", "poll(2), waitid(2)", new Declaration()
            .on(ECHILD, Reason.NO_CHILD)
            .on(ENOMEM, Reason.SYSTEM_RESOURCES)
            .on(ENOSYS, Reason.UNSUPPORTED_BY_KERNEL)
            .also(Reason.CLOSED)),

    /** Send a signal to a child process. */
    SIGNAL_CHILD("signal", "pidfd_send_signal(2)", new Declaration()
            .on(EAGAIN, Reason.SYSTEM_RESOURCES)
            .on(EPERM, Reason.PERMISSION_DENIED)
            .on(ENOSYS, Reason.UNSUPPORTED_BY_KERNEL)),

    /** Close a descriptor. It is released whatever the answer says. */
    CLOSE("close", "close(2)", new Declaration()
            .on(EIO, Reason.INPUT_OUTPUT)
            .on(ENOSPC, Reason.NO_SPACE_LEFT)
            .on(EDQUOT, Reason.DISK_QUOTA));

    private final String verb;
    private final String manual;

    @SuppressWarnings("ImmutableEnumChecker") // filled before the constant exists, and never changed after
    private final Declaration declaration;

    Operation(String verb, String manual, Declaration declaration) {
        this.verb = verb;
        this.manual = manual;
        this.declaration = declaration;
    }

    /**
     * What the operation does, as messages say it.
     *
     * @return a verb, such as {@code "connect"}
     */
    public String verb() {
        return verb;
    }

    /**
     * Where the errors are documented.
     *
     * @return the manual pages, such as {@code "accept4(2)"}
     */
    public String manual() {
        return manual;
    }

    /**
     * Every reason that this operation can fail with, besides {@link Reason#UNEXPECTED}.
     *
     * @return an unmodifiable set
     */
    public Set<Reason> reasons() {
        return Collections.unmodifiableSet(declaration.reasons);
    }

    /**
     * Whether a backend must try again instead of answering.
     *
     * @param errorNumber a positive error number
     * @return true for {@code EINTR} and for what this operation declares as passing
     */
    public boolean retries(int errorNumber) {
        return errorNumber == EINTR.code() || declaration.retried.contains(errorNumber);
    }

    /**
     * The failure that an error number means.
     *
     * @param errorNumber a positive error number that is not to be retried
     * @param target what was operated on: a path, an address; its text is made only here
     * @return the exception to throw
     * @throws AssertionError if the number can only come from a fault in the calling code
     */
    public IoException failure(int errorNumber, Object target) {
        Reason reason = declaration.byNumber.get(errorNumber);
        if (reason == null && Declaration.FAULTS.contains(errorNumber)) {
            throw new AssertionError(verb + " " + target + " answered " + ErrorNumber.nameOf(errorNumber)
                    + ", which only a fault in the program can cause: please report it");
        }
        return new IoException(reason == null ? Reason.UNEXPECTED : reason, this, errorNumber, target);
    }

    /**
     * A failure that has no error number of its own.
     *
     * @param reason a declared reason
     * @param target what was operated on
     * @return the exception to throw
     */
    public IoException failure(Reason reason, Object target) {
        return new IoException(reason, this, declaration.numberOf(reason), target);
    }
}
