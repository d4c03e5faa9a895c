package dev.gyre.benchmarks.peers;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;

/** What Netty's event loop stands on. */
enum Transport {
    /** Netty's native epoll. */
    EPOLL("epoll", EpollServerSocketChannel.class),
    /** io_uring; each read is given its buffer when it is submitted, as Netty does by default. */
    IO_URING("io_uring", IoUringServerSocketChannel.class),
    /** io_uring; multishot receives take their buffers from a ring of provided buffers. */
    IO_URING_BUFFER_RING("io_uring-buffer-ring", IoUringServerSocketChannel.class);

    /** The ring's group of provided buffers. */
    static final short BUFFER_GROUP = 0;

    private static final short BUFFERS = 256;

    private final String argument;
    private final Class<? extends ServerChannel> channel;

    Transport(String argument, Class<? extends ServerChannel> channel) {
        this.argument = argument;
        this.channel = channel;
    }

    /**
     * The transport that a command line names.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    static Transport of(String argument) {
        for (Transport transport : values()) {
            if (transport.argument.equals(argument)) {
                return transport;
            }
        }
        throw new IllegalArgumentException(
                "transport " + argument + ": expected epoll, io_uring or io_uring-buffer-ring");
    }

    Class<? extends ServerChannel> channel() {
        return channel;
    }

    IoHandlerFactory handler() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
            case IO_URING_BUFFER_RING -> IoUringIoHandler.newFactory(new IoUringIoHandlerConfig()
                    .setBufferRingConfig(IoUringBufferRingConfig.builder()
                            .bufferGroupId(BUFFER_GROUP)
                            .bufferRingSize(BUFFERS)
                            .batchSize(BUFFERS / 2)
                            .allocator(new IoUringFixedBufferRingAllocator(Peer.BUFFER_SIZE))
                            .build()));
        };
    }
}
