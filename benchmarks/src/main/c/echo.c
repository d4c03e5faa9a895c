/*
 * A TCP echo server straight on liburing: what the kernel allows, with nothing of ours in the way.
 *
 * One thread, one ring (SINGLE_ISSUER | DEFER_TASKRUN), its fd registered. Connections live in the ring's table of
 * direct descriptors only. A multishot accept and one multishot receive per connection stay armed; received data lies
 * in a provided buffer, which is sent from where it lies and then given back. Everything that a turn of the loop wants
 * sent goes to the kernel with the one io_uring_enter that also waits.
 *
 * A connection has one send under way at a time, so that none overtakes another; what it receives meanwhile queues up.
 * Sends that post no completion when they succeed (CQE_SKIP_SUCCESS) were tried, and made no difference that could be
 * measured.
 *
 * Kernel 6.1 or newer, liburing 2.3 or newer. Prints "listening 127.0.0.1:PORT"; ends when its standard input does.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    SUBMISSIONS = 1024,
    COMPLETIONS = 16384,
    CONNECTIONS_MAX = 16384,
    /* A power of two. More of them would only spread over more cache lines. */
    BUFFERS = 256,
    BUFFER_SIZE = 16384,
    BUFFER_GROUP = 0,
    BACKLOG = 4096,
    NONE = -1,
};

enum operation { ACCEPT, RECEIVE, SEND, CLOSE, INPUT };

struct connection {
    /* The buffer being sent, and those that wait for it in order; NONE if there is none. */
    int current, head, tail;
    bool receiving;
    bool ended;
};

struct buffer {
    int next;
    int connection;
    int offset, length;
};

static struct io_uring ring;
static struct io_uring_buf_ring *provided;
static char *memory;
static struct connection connections[CONNECTIONS_MAX];
static struct buffer buffers[BUFFERS];
/* Connections whose receive ended because no buffer was free. */
static int starved[CONNECTIONS_MAX], starved_count;
/* Buffers given back that the kernel was not yet shown. */
static int returned;
static char input[64];

static void die(const char *what, int error) {
    fprintf(stderr, "echo: %s: %s\n", what, strerror(error));
    exit(1);
}

static struct io_uring_sqe *entry(void) {
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    if (!sqe) {
        int submitted = io_uring_submit(&ring);
        if (submitted < 0) {
            die("io_uring_submit", -submitted);
        }
        sqe = io_uring_get_sqe(&ring);
    }
    return sqe;
}

/* After the io_uring_prep_ function: old liburings clear user_data there. */
static void label(struct io_uring_sqe *sqe, enum operation operation, int index) {
    sqe->user_data = (__u64)index << 8 | operation;
}

static char *address(int id) {
    return memory + (size_t)id * BUFFER_SIZE;
}

static void accept_connections(int listener) {
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_multishot_accept_direct(sqe, listener, NULL, NULL, 0);
    label(sqe, ACCEPT, listener);
}

static void watch_input(void) {
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_read(sqe, STDIN_FILENO, input, sizeof input, 0);
    label(sqe, INPUT, 0);
}

static void receive(int index) {
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_recv_multishot(sqe, index, NULL, 0, 0);
    sqe->ioprio |= IORING_RECVSEND_POLL_FIRST;
    sqe->flags |= IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
    sqe->buf_group = BUFFER_GROUP;
    label(sqe, RECEIVE, index);
    connections[index].receiving = true;
}

static void send_rest(int id) {
    struct buffer *buffer = &buffers[id];
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_send(sqe, buffer->connection, address(id) + buffer->offset, buffer->length,
                       MSG_WAITALL | MSG_NOSIGNAL);
    sqe->flags |= IOSQE_FIXED_FILE;
    label(sqe, SEND, id);
}

static void give_back(int id) {
    io_uring_buf_ring_add(provided, address(id), BUFFER_SIZE, id, io_uring_buf_ring_mask(BUFFERS), returned++);
}

static void close_if_over(int index) {
    struct connection *connection = &connections[index];
    if (connection->ended && !connection->receiving && connection->current == NONE) {
        struct io_uring_sqe *sqe = entry();
        io_uring_prep_close_direct(sqe, index);
        sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
        label(sqe, CLOSE, index);
    }
}

static void start_send(struct connection *connection, int id) {
    connection->current = id;
    send_rest(id);
}

static void enqueue(struct connection *connection, int id) {
    buffers[id].next = NONE;
    if (connection->head == NONE) {
        connection->head = id;
    } else {
        buffers[connection->tail].next = id;
    }
    connection->tail = id;
}

static int dequeue(struct connection *connection) {
    int id = connection->head;
    connection->head = buffers[id].next;
    return id;
}

static void end_send(int id) {
    int index = buffers[id].connection;
    struct connection *connection = &connections[index];
    give_back(id);
    connection->current = NONE;
    if (connection->head != NONE) {
        start_send(connection, dequeue(connection));
    } else {
        close_if_over(index);
    }
}

static void on_accept(const struct io_uring_cqe *cqe, int listener) {
    if (cqe->res < 0) {
        die(cqe->res == -ENFILE ? "accept: more connections than this program has room for" : "accept", -cqe->res);
    }
    connections[cqe->res] = (struct connection){.current = NONE, .head = NONE};
    receive(cqe->res);
    if (!(cqe->flags & IORING_CQE_F_MORE)) {
        accept_connections(listener);
    }
}

static void on_receive(const struct io_uring_cqe *cqe, int index) {
    struct connection *connection = &connections[index];
    if (cqe->res > 0) {
        int id = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
        buffers[id] = (struct buffer){.connection = index, .length = cqe->res};
        if (connection->current == NONE) {
            start_send(connection, id);
        } else {
            enqueue(connection, id);
        }
    }
    if (!(cqe->flags & IORING_CQE_F_MORE)) {
        connection->receiving = false;
        if (cqe->res > 0) {
            receive(index);
        } else if (cqe->res == -ENOBUFS) {
            starved[starved_count++] = index;
                } else {
            connection->ended = true;
                    close_if_over(index);
        }
    }
}

static void on_send(const struct io_uring_cqe *cqe, int id) {
    struct buffer *buffer = &buffers[id];
    struct connection *connection = &connections[buffer->connection];
    if (cqe->res > 0 && cqe->res < buffer->length) {
        buffer->offset += cqe->res;
        buffer->length -= cqe->res;
        send_rest(id);
        return;
    }
    while (cqe->res < 0 && connection->head != NONE) {
        /* The peer is gone; the receive will end by itself. */
        give_back(dequeue(connection));
    }
    end_send(id);
}

static void on_input(const struct io_uring_cqe *cqe) {
    if (cqe->res <= 0) {
        exit(0);
    }
    watch_input();
}

static void dispatch(const struct io_uring_cqe *cqe) {
    int index = (int)(cqe->user_data >> 8);
    switch ((enum operation)(cqe->user_data & 0xff)) {
    case ACCEPT:
        on_accept(cqe, index);
        break;
    case RECEIVE:
        on_receive(cqe, index);
        break;
    case SEND:
        on_send(cqe, index);
        break;
    case CLOSE:
        die("close", -cqe->res);
        break;
    case INPUT:
        on_input(cqe);
        break;
    }
}

static void turn(void) {
    int error = io_uring_submit_and_wait(&ring, 1);
    if (error < 0 && error != -EINTR && error != -EAGAIN && error != -EBUSY) {
        die("io_uring_submit_and_wait", -error);
    }
    struct io_uring_cqe *cqe;
    unsigned head, count = 0;
    io_uring_for_each_cqe(&ring, head, cqe) {
        dispatch(cqe);
        count++;
    }
    io_uring_cq_advance(&ring, count);
    if (returned > 0) {
        io_uring_buf_ring_advance(provided, returned);
        returned = 0;
        while (starved_count > 0) {
            receive(starved[--starved_count]);
        }
    }
}

static void set_up_ring(void) {
    struct io_uring_params params = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL
                 | IORING_SETUP_CQSIZE,
        .cq_entries = COMPLETIONS,
    };
    int error = io_uring_queue_init_params(SUBMISSIONS, &ring, &params);
    if (error < 0) {
        die("io_uring_queue_init_params", -error);
    }
    if ((error = io_uring_register_ring_fd(&ring)) < 0) {
        die("io_uring_register_ring_fd", -error);
    }
    if ((error = io_uring_register_files_sparse(&ring, CONNECTIONS_MAX)) < 0) {
        die("io_uring_register_files_sparse (is ulimit -n below 16384?)", -error);
    }
}

static void *map(size_t size) {
    void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (mapped == MAP_FAILED) {
        die("mmap", errno);
    }
    return mapped;
}

static void provide_buffers(void) {
    memory = map((size_t)BUFFERS * BUFFER_SIZE);
    provided = map(BUFFERS * sizeof(struct io_uring_buf));
    io_uring_buf_ring_init(provided);
    struct io_uring_buf_reg registration = {
        .ring_addr = (__u64)(uintptr_t)provided, .ring_entries = BUFFERS, .bgid = BUFFER_GROUP};
    int error = io_uring_register_buf_ring(&ring, &registration, 0);
    if (error < 0) {
        die("io_uring_register_buf_ring", -error);
    }
    for (int id = 0; id < BUFFERS; id++) {
        give_back(id);
    }
}

static int listen_on_loopback(in_port_t port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    /* Accepted connections inherit TCP_NODELAY. */
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on)
            || setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on)
            || bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, BACKLOG)
            || getsockname(listener, (struct sockaddr *)&address, &length)) {
        fprintf(stderr, "echo: port %d: ", port);
        die("listen", errno);
    }
    printf("listening 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int argc, char **argv) {
    set_up_ring();
    provide_buffers();
    accept_connections(listen_on_loopback(argc > 1 ? (in_port_t)atoi(argv[1]) : 0));
    watch_input();
    for (;;) {
        turn();
    }
}
