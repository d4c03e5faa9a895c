/*
 * Rounds of IORING_OP_NOP straight on liburing: what one operation costs in a batch of some size.
 *
 *     nop BATCH ROUNDS
 *
 * One ring (SINGLE_ISSUER | DEFER_TASKRUN), its fd registered. Each round submits a batch with the one io_uring_enter
 * that also waits for all of it, and takes the completions. A tenth as many rounds come first, uncounted. Prints the
 * nanoseconds per operation, and a 0 for the bytes that were allocated for it.
 */
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void fail(const char *what, int error) {
    fprintf(stderr, "%s: %s\n", what, strerror(-error));
    exit(1);
}

static void rounds(struct io_uring *ring, unsigned batch, long count) {
    for (long i = 0; i < count; i++) {
        for (unsigned j = 0; j < batch; j++) {
            struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
            io_uring_prep_nop(sqe);
            io_uring_sqe_set_data64(sqe, j);
        }
        int result = io_uring_submit_and_wait(ring, batch);
        if (result < 0) {
            fail("io_uring_submit_and_wait", result);
        }
        struct io_uring_cqe *cqe;
        unsigned head;
        unsigned seen = 0;
        io_uring_for_each_cqe(ring, head, cqe) {
            if (cqe->res < 0) {
                fail("nop", cqe->res);
            }
            seen++;
        }
        io_uring_cq_advance(ring, seen);
        if (seen != batch) {
            fprintf(stderr, "%u completions instead of %u\n", seen, batch);
            exit(1);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "nop BATCH ROUNDS\n");
        return 2;
    }
    unsigned batch = (unsigned) atoi(argv[1]);
    long count = atol(argv[2]);
    struct io_uring ring;
    struct io_uring_params params = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN};
    int result = io_uring_queue_init_params(256, &ring, &params);
    if (result < 0) {
        fail("io_uring_queue_init", result);
    }
    io_uring_register_ring_fd(&ring);
    rounds(&ring, batch, count / 10 + 1);
    struct timespec begin;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    rounds(&ring, batch, count);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double nanos = (end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec);
    printf("%.3f 0\n", nanos / count / batch);
    return 0;
}
