package dev.gyre.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The servers that are known here. The first of each list is Gyre, the subject unless another is asked for. */
final class Contenders {
    private static final String PEERS = "dev.gyre.benchmarks.peers.";
    private static final String PROGRAMS = "dev.gyre.benchmarks.ring.";
    private static final String TASK_PROGRAMS = "dev.gyre.benchmarks.tasks.";
    private static final String PROCESS_PROGRAMS = "dev.gyre.benchmarks.processes.";
    private static final String SMALL_PROGRAMS = "dev.gyre.benchmarks.programs.";
    private static final String STORE_PROGRAM = "dev.gyre.examples.store.StoreProgram";
    private static final String EPOLL = "epoll";

    /** In fio's terse output, version 3, field 8 is the reads per second, and 88 and 89 the CPU in per cent. */
    private static final String FIO = """
            "$0" --name=reads --filename="$1" --readonly --rw=randread --bs=4k --direct=1 --ioengine=io_uring \
                --iodepth="$2" --fixedbufs --registerfiles --norandommap --randrepeat=0 --time_based --ramp_time=1 \
                --runtime="$3" --output-format=terse --terse-version=3 |
            awk -F';' '{ print $8, ($88 + $89) / 100 * 1e6 / $8 }'
            """;

    /** Unsafe without a warning. */
    private static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    /** Netty may use Unsafe, as on older JDKs, and does not sample its buffers for leaks. */
    private static final List<String> NETTY_OPTIONS =
            List.of(UNSAFE, "-Dio.netty.leakDetection.level=disabled");

    /** Told to programs on the class path, as the launcher tells it to Gyre's module. */
    private static final String OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    /** A heap of up to 3 GiB that is hardly larger than what is used. */
    private static final List<String> MANY_TASKS_OPTIONS = List.of(
            "-Xmn64m", "-Xms96m", "-Xmx3g", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10",
            "-XX:-ShrinkHeapInSteps", OPENS);

    /** As many carriers as it has processors. */
    private static final String ONE_CARRIER = carriers(1);

    /** The JDK's HTTP server delays small writes and closes idle connections unless it is told. */
    private static final List<String> JDK_HTTP_OPTIONS = List.of(
            ONE_CARRIER,
            "-Dsun.net.httpserver.nodelay=true",
            "-Dsun.net.httpserver.maxIdleConnections=20000");

    /** How large a store's file is at least before it is rewritten: large enough that it hardly ever is. */
    private static final long STORE_REWRITE_MIN = 1L << 30;

    /** By how many addresses proxies know their target. */
    private static final int TARGETS = 16;

    /** What proxies pass connections on to. */
    static final Contender TARGET = new Contender(
            "target", "Gyre on all addresses", (_, java) -> gyre(java, "echo", "--host=0.0.0.0", "--port=0"));

    /** TCP echo. */
    static final List<Contender> ECHO = List.of(
            new Contender("gyre", "Gyre: ./gyre echo", (_, java) -> gyre(java, "echo", "--port=0")),
            new Contender(
                    "gyre-threaded",
                    "Gyre on its pool of threads: ./gyre echo --backend=threaded",
                    (_, java) -> gyre(java, "echo", "--port=0", "--backend=threaded")),
            new Contender("c", "C on liburing: the practical limit", (workshop, _) -> {
                Tools.requireIoUring();
                return Launch.announcing(workshop.inC("echo"));
            }),
            nettyEcho("netty-buffer-ring", "Netty on io_uring with a buffer ring", "io_uring-buffer-ring"),
            nettyEcho("netty-io_uring", "Netty on io_uring", "io_uring"),
            nettyEcho("netty-epoll", "Netty on epoll", EPOLL),
            new Contender(
                    "nio",
                    "a bare NIO selector",
                    (_, java) -> Launch.announcing(java.program(PEERS + "NioEcho", List.of()))),
            new Contender(
                    "jdk",
                    "JDK virtual threads on java.net.Socket",
                    (_, java) -> Launch.announcing(java.program(PEERS + "JdkEcho", List.of(ONE_CARRIER)))));

    /** UDP echo. */
    static final List<Contender> UDP = List.of(
            new Contender("gyre", "Gyre on io_uring, the task on a loop's own thread", (_, java) -> {
                Tools.requireIoUring();
                return gyreDatagrams(java, "uring", OPENS);
            }),
            new Contender("gyre-without-flag", "Gyre on io_uring, the task on a virtual thread of the JDK's",
                    (_, java) -> {
                        Tools.requireIoUring();
                        return gyreDatagrams(java, "uring", ONE_CARRIER);
                    }),
            new Contender(
                    "gyre-threaded", "Gyre on its pool of threads", (_, java) -> gyreDatagrams(java, "threaded")),
            nettyDatagrams("netty-epoll", "Netty on epoll", "single"),
            nettyDatagrams("netty-epoll-batch", "Netty on epoll, told to receive several at once", "batch"),
            new Contender(
                    "jdk",
                    "a JDK virtual thread on DatagramChannel",
                    (_, java) -> Launch.announcing(java.program(PEERS + "JdkDatagramEcho", List.of(ONE_CARRIER)))));

    /** Servers that iperf3's client sends to. */
    static final List<Contender> IPERF = List.of(
            new Contender("gyre", "Gyre on io_uring, the task on a loop's own thread", (_, java) -> {
                Tools.requireIoUring();
                return gyreIperf(java, "uring", OPENS);
            }),
            new Contender("gyre-without-flag", "Gyre on io_uring, the task on a virtual thread of the JDK's",
                    (_, java) -> {
                        Tools.requireIoUring();
                        return gyreIperf(java, "uring", ONE_CARRIER);
                    }),
            new Contender("gyre-threaded", "Gyre on its pool of threads", (_, java) -> gyreIperf(java, "threaded")),
            new Contender("iperf3", "iperf3's own server", (workshop, _) -> workshop.iperf()));

    /** Stores of keys and values, which append to a file and sync it every second. */
    static final List<Contender> STORE = List.of(
            gyreStore("gyre", "Gyre's example on io_uring, processes on a loop's own thread", "uring", OPENS),
            gyreStore(
                    "gyre-without-flag", "Gyre's example on io_uring, processes on the JDK's virtual threads", "uring",
                    ONE_CARRIER),
            gyreStore("gyre-threaded", "Gyre's example on its pool of threads", "threaded", ONE_CARRIER),
            new Contender("redis", "redis-server", (workshop, _) -> workshop.redis(STORE_REWRITE_MIN)));

    /** Static files by HTTP. */
    static final List<Contender> HTTP = List.of(
            new Contender(
                    "gyre",
                    "Gyre: ./gyre serve",
                    (workshop, java) ->
                            gyre(java, "serve", "--port=0", workshop.documents().toString())),
            new Contender("nginx", "nginx, one worker", (workshop, _) -> workshop.nginx()),
            nettyHttp("netty-io_uring", "Netty on io_uring", "io_uring"),
            nettyHttp("netty-epoll", "Netty on epoll", EPOLL),
            new Contender(
                    "jdk",
                    "the JDK's HTTP server on virtual threads",
                    (workshop, java) -> Launch.announcing(java.program(
                            PEERS + "JdkHttp", JDK_HTTP_OPTIONS, workshop.documents().toString()))));

    /** Programs that take a batch and a number of rounds, and print nanoseconds and bytes per operation. */
    static final List<Contender> NOP = List.of(
            new Contender(
                    "gyre",
                    "dev.gyre.ring: Loop",
                    (_, java) -> Launch.announcing(java.program(PROGRAMS + "NopRounds", List.of()))),
            new Contender("c", "C on liburing: the practical limit", (workshop, _) -> {
                Tools.requireIoUring();
                return Launch.announcing(workshop.inC("nop"));
            }));

    /** Programs that take a file, a depth and seconds, and print reads per second and microseconds of CPU per read. */
    static final List<Contender> READS = List.of(
            new Contender(
                    "gyre",
                    "dev.gyre.ring: ReadFixed on a registered file",
                    (_, java) -> Launch.announcing(java.program(PROGRAMS + "RandomReads", List.of()))),
            new Contender("fio", "fio, ioengine=io_uring with fixedbufs and registerfiles", (_, _) -> {
                Tools.requireIoUring();
                return Launch.announcing(List.of("sh", "-c", FIO, Tools.require("fio", "fio").toString()));
            }));

    /** Programs that take a number of tasks and seconds, and print what {@code dev.gyre.benchmarks.tasks} says. */
    static final List<Contender> SLEEPERS = List.of(
            new Contender("gyre", "Gyre: tasks of a group on io_uring", (_, java) -> {
                Tools.requireIoUring();
                return Launch.announcing(java.program(TASK_PROGRAMS + "GyreSleepers", MANY_TASKS_OPTIONS));
            }),
            new Contender(
                    "jdk",
                    "JDK virtual threads",
                    (_, java) -> Launch.announcing(java.program(TASK_PROGRAMS + "JdkSleepers", MANY_TASKS_OPTIONS))));

    /** Programs that take a benchmark's method and milliseconds, and print nanoseconds per operation. */
    static final List<Contender> TASKS = List.of(
            new Contender("gyre", "Gyre: tasks of one loop on io_uring", (_, java) -> {
                Tools.requireIoUring();
                return jmh(java, "GyreTasks", OPENS);
            }),
            new Contender(
                    "jdk",
                    "JDK virtual threads with ReentrantLock, SynchronousQueue and ArrayBlockingQueue",
                    (_, java) -> jmh(java, "JdkTasks")),
            new Contender(
                    "jdk-one-carrier",
                    "the same, with one carrier, so that no other processor takes part",
                    (_, java) -> jmh(java, "JdkTasks", ONE_CARRIER)));

    /** TCP echo by processes that own sockets. */
    static final List<Contender> SOCKETS = List.of(
            socketsOfProcesses("gyre", "Gyre on io_uring, active once", "uring", "once", OPENS),
            socketsOfProcesses("gyre-passive", "Gyre on io_uring, passive", "uring", "passive", OPENS),
            socketsOfProcesses(
                    "gyre-without-flag", "Gyre on io_uring, active once, on the JDK's virtual threads", "uring",
                    "once", carriers(1)),
            socketsOfProcesses(
                    "gyre-threaded", "Gyre on its pool of threads, active once", "threaded", "once", carriers(1)),
            socketsOfErlang("gen_tcp", "Erlang's gen_tcp, {active, once}", "once"),
            socketsOfErlang("gen_tcp-passive", "Erlang's gen_tcp, passive", "passive"));

    /** Programs that take what {@code dev.gyre.benchmarks.processes} says, and print bytes. */
    static final List<Contender> MANY_PROCESSES = processes(1, MANY_TASKS_OPTIONS, MANY_TASKS_OPTIONS);

    /** Programs that take what {@code dev.gyre.benchmarks.programs} says. */
    static final List<Contender> RUNTIMES = List.of(
            new Contender("gyre", "Gyre on io_uring, tasks on the loops' own threads", (_, java) -> {
                Tools.requireIoUring();
                return family(java, "uring", OPENS);
            }),
            new Contender("gyre-without-flag", "Gyre on io_uring, tasks on the JDK's virtual threads", (_, java) -> {
                Tools.requireIoUring();
                return family(java, "uring");
            }),
            new Contender("gyre-threaded", "Gyre on its pool of threads", (_, java) -> family(java, "threaded")),
            new Contender(
                    "jdk",
                    "JDK virtual threads with Socket, ArrayBlockingQueue, FileChannel",
                    (_, java) -> family(java, "jdk")));

    /** The same, for programs that are written with Netty, too. */
    static final List<Contender> CONNECTED_RUNTIMES = Stream.concat(
                    RUNTIMES.stream(),
                    Stream.of(
                            nettyPrograms("netty-buffer-ring", "Netty on io_uring with a buffer ring",
                                    "io_uring-buffer-ring"),
                            nettyPrograms("netty-io_uring", "Netty on io_uring", "io_uring"),
                            nettyPrograms("netty-epoll", "Netty on epoll", EPOLL)))
            .toList();

    /** The same, each beside a name server of its own. */
    static final List<Contender> LOOKUPS = RUNTIMES.stream()
            .map(runtime -> new Contender(
                    runtime.name(),
                    runtime.name().equals("jdk") ? "JDK virtual threads with InetAddress" : runtime.description(),
                    (workshop, java) -> NameServer.beside(workshop, runtime.recipe().prepare(workshop, java))))
            .toList();

    private Contenders() {}

    /**
     * Proxies. Of connections that have just been closed, the kernel keeps the port for a minute (TIME_WAIT), and looks
     * for longer and longer until it has found one that is left; so the target is known by many addresses.
     *
     * @param target where they pass connections on to: the port of an echo server on all addresses of 127.0.0.0/8
     */
    static List<Contender> proxies(int target) {
        List<String> targets = IntStream.rangeClosed(1, TARGETS).mapToObj(i -> "127.0.0." + i + ":" + target).toList();
        return List.of(
                new Contender("gyre", "Gyre: ./gyre proxy", (_, java) -> gyreProxy(java, "auto", targets)),
                new Contender(
                        "gyre-threaded",
                        "Gyre on its pool of threads: ./gyre proxy --backend=threaded",
                        (_, java) -> gyreProxy(java, "threaded", targets)),
                new Contender(
                        "nginx-stream", "nginx's stream module, one worker", (workshop, _) -> workshop.proxy(targets)),
                new Contender(
                        "direct",
                        "no proxy: ./gyre echo itself, whose processor time this is",
                        (_, java) -> gyre(java, "echo", "--port=0")));
    }

    /**
     * The contenders of these names, in this order.
     *
     * @throws IllegalArgumentException naming one that is not known, and those that are
     */
    static List<Contender> select(List<Contender> known, List<String> names) {
        List<Contender> selected = new ArrayList<>();
        for (String name : names) {
            selected.add(known.stream()
                    .filter(contender -> contender.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no contender is called " + name + "; there are "
                            + String.join(", ", known.stream().map(Contender::name).toList()))));
        }
        return selected;
    }

    private static Launch gyreProxy(JavaCommand java, String backend, List<String> targets) throws Unavailable {
        List<String> arguments = new ArrayList<>(List.of("proxy", "--check=0", "--backend=" + backend, "0"));
        arguments.addAll(targets);
        return gyre(java, arguments.toArray(String[]::new));
    }

    private static Launch gyre(JavaCommand java, String... arguments) throws Unavailable {
        return Launch.announcing(Workshop.untilInputEnds(java.gyre(arguments)));
    }

    private static Contender nettyEcho(String name, String description, String transport) {
        return new Contender(name, description, (_, java) -> netty(java, "NettyEcho", transport));
    }

    private static Launch gyreDatagrams(JavaCommand java, String backend, String... options) {
        return Launch.announcing(java.program(PEERS + "GyreDatagramEcho", List.of(options), backend));
    }

    private static Launch gyreIperf(JavaCommand java, String backend, String... options) {
        return Launch.announcing(java.program(PEERS + "GyreIperf", List.of(options), backend));
    }

    private static Contender gyreStore(String name, String description, String backend, String option) {
        return new Contender(name, description, (workshop, java) -> {
            if (backend.equals("uring")) {
                Tools.requireIoUring();
            }
            String folder = workshop.emptyFolder(name).toString();
            return Launch.announcing(Workshop.untilInputEnds(java.program(
                    STORE_PROGRAM, List.of(option), "--port", "0", "--dir", folder, "--fsync", "everysec",
                    "--rewrite-min", "" + STORE_REWRITE_MIN, "--backend", backend)));
        });
    }

    private static Contender nettyDatagrams(String name, String description, String how) {
        return new Contender(
                name,
                description,
                (_, java) -> Launch.announcing(java.program(PEERS + "NettyDatagramEcho", NETTY_OPTIONS, how)));
    }

    private static Contender nettyHttp(String name, String description, String transport) {
        return new Contender(
                name,
                description,
                (workshop, java) ->
                        netty(java, "NettyHttp", transport, workshop.documents().toString()));
    }

    private static Contender nettyPrograms(String name, String description, String transport) {
        return new Contender(name, description, (_, java) -> {
            if (!transport.equals(EPOLL)) {
                Tools.requireIoUring();
            }
            return family(java, "netty-" + transport, NETTY_OPTIONS.toArray(String[]::new));
        });
    }

    private static Launch netty(JavaCommand java, String main, String transport, String... arguments)
            throws Unavailable {
        if (!transport.equals(EPOLL)) {
            Tools.requireIoUring();
        }
        List<String> all = new ArrayList<>(List.of(transport));
        all.addAll(List.of(arguments));
        return Launch.announcing(java.program(PEERS + main, NETTY_OPTIONS, all.toArray(String[]::new)));
    }

    private static Launch family(JavaCommand java, String runtime, String... options) {
        return Launch.announcing(java.program(SMALL_PROGRAMS + "Main", List.of(options), runtime));
    }

    /** Programs that take what {@code dev.gyre.benchmarks.processes} says, and print nanoseconds. */
    static List<Contender> processes(int schedulers) {
        return processes(schedulers, List.of(OPENS), List.of(carriers(schedulers)));
    }

    private static List<Contender> processes(int schedulers, List<String> options, List<String> optionsOfJdk) {
        return List.of(
                new Contender("gyre", "Gyre: processes on io_uring, schedulers: " + schedulers, (_, java) -> {
                    Tools.requireIoUring();
                    return Launch.announcing(
                            java.program(PROCESS_PROGRAMS + "GyreProcesses", options, "" + schedulers));
                }),
                new Contender(
                        "beam",
                        "Erlang, schedulers: " + schedulers,
                        (workshop, _) -> Launch.announcing(workshop.inErlang("processes", schedulers))),
                new Contender(
                        "jdk",
                        "JDK virtual threads with LinkedTransferQueue",
                        (_, java) -> Launch.announcing(
                                java.program(PROCESS_PROGRAMS + "JdkProcesses", optionsOfJdk))));
    }

    private static Contender socketsOfProcesses(
            String name, String description, String backend, String how, String option) {
        return new Contender(name, description, (_, java) -> {
            if (backend.equals("uring")) {
                Tools.requireIoUring();
            }
            return Launch.announcing(java.program(PEERS + "GyreProcessEcho", List.of(option), backend, how));
        });
    }

    private static Contender socketsOfErlang(String name, String description, String how) {
        return new Contender(name, description, (workshop, _) -> {
            List<String> command = new ArrayList<>(workshop.inErlang("sockets", 1));
            command.add(how);
            return Launch.announcing(command);
        });
    }

    private static String carriers(int count) {
        return "-Djdk.virtualThreadScheduler.parallelism=" + count;
    }

    private static Launch jmh(JavaCommand java, String benchmarks, String... options) {
        List<String> all = new ArrayList<>(List.of(UNSAFE));
        all.addAll(List.of(options));
        return Launch.announcing(java.program(TASK_PROGRAMS + "TaskBenchmarks", all, benchmarks));
    }
}
