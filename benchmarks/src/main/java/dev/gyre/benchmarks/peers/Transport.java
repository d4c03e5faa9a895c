package dev.gyre.benchmarks.peers;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** What Netty's event loop stands on. */
public enum Transport {
    /** Netty's native epoll. */
    EPOLL("epoll", EpollServerSocketChannel.class, EpollSocketChannel.class),
    /** io_uring; each read is given its buffer when it is submitted, as Netty does by default. */
    IO_URING("io_uring", IoUringServerSocketChannel.class, IoUringSocketChannel.class),
    /** io_uring; multishot receives take their buffers from a ring of provided buffers. */
    IO_URING_BUFFER_RING("io_uring-buffer-ring", IoUringServerSocketChannel.class, IoUringSocketChannel.class);

    /** The ring's group of provided buffers. */
    public static final short BUFFER_GROUP = 0;

    private static final short BUFFERS = 256;

    private final String argument;
    private final Class<? extends ServerChannel> channel;
    private final Class<? extends Channel> clientChannel;

    Transport(String argument, Class<? extends ServerChannel> channel, Class<? extends Channel> clientChannel) {
        this.argument = argument;
        this.channel = channel;
        this.clientChannel = clientChannel;
    }

    /**
     * The transport that a command line names.
     *
     * @param argument as on the command line
     * @return the transport
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Transport of(String argument) {
        for (Transport transport : values()) {
            if (transport.argument.equals(argument)) {
                return transport;
            }
        }
        throw new IllegalArgumentException(
                "transport " + argument + ": expected epoll, io_uring or io_uring-buffer-ring");
    }

    /**
     * What accepts.
     *
     * @return its class
     */
    public Class<? extends ServerChannel> channel() {
        return channel;
    }

    /**
     * What connects.
     *
     * @return its class
     */
    public Class<? extends Channel> clientChannel() {
        return clientChannel;
    }

    /**
     * What an event loop stands on.
     *
     * @return a new one for each loop
     */
    public IoHandlerFactory handler() {
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
