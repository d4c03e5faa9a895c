import dev.gyre.io.*;
import java.nio.file.Files;

/** Tasks that share a folder: they lock, copy, replace, walk, watch, and have children, all from the beginning. */
static final int TASKS = 6;
static final int ROUNDS = 5;
static final int LENGTH = 100_000;

void main() throws Exception {
    String temporary = Files.createTempDirectory(java.nio.file.Path.of("."), "workshop").toString();
    AtomicInteger done = new AtomicInteger();
    try (Io io = Io.open(); Directory top = io.currentDirectory().openDirectory(temporary)) {
        try (Group<Exception> tasks = io.group()) {
            for (int i = 0; i < TASKS; i++) {
                String name = "task" + i;
                tasks.concurrent(() -> done.addAndGet(count(top)));
                tasks.concurrent(() -> done.addAndGet(copy(top, name)));
                tasks.concurrent(() -> done.addAndGet(replace(top, name)));
                tasks.concurrent(() -> done.addAndGet(walk(top, name)));
                tasks.concurrent(() -> done.addAndGet(ask(io)));
                tasks.concurrent(() -> done.addAndGet(watch(io, top, name)));
            }
            tasks.await();
        }
        int counted;
        try (BufferedSource counter = new BufferedSource(top.openFile("counter", OpenOptions.READ))) {
            counted = counter.readByte();
        }
        io.currentDirectory().deleteTree(temporary);
        IO.println(io.backend() + ": " + done + " done, " + counted + " counted");
    }
}

/** Counts in a file that all lock. */
int count(Directory top) throws IoException {
    OpenOptions locked = new OpenOptions(OpenOptions.Access.READ_WRITE,
            Set.of(OpenOptions.Flag.CREATE, OpenOptions.Flag.LOCK_EXCLUSIVE), 0600);
    for (int i = 0; i < ROUNDS; i++) {
        try (File file = top.openFile("counter", locked)) {
            byte[] number = {0};
            file.read(number, 0);
            number[0]++;
            file.write(number, 0);
        }
    }
    return ROUNDS;
}

int copy(Directory top, String name) throws IoException {
    try (BufferedSink original = new BufferedSink(top.openFile(name, OpenOptions.REPLACE))) {
        original.splat('x', LENGTH);
    }
    long length = 0;
    for (int i = 0; i < ROUNDS; i++) {
        length += top.copyFile(name, top, name + ".copy");
    }
    try (File from = top.openFile(name, OpenOptions.READ);
            File to = top.openFile(name + ".half", OpenOptions.REPLACE)) {
        from.seekTo(LENGTH / 2);
        length += from.transferTo(to);
    }
    return length == ROUNDS * LENGTH + LENGTH / 2 ? ROUNDS : 0;
}

int replace(Directory top, String name) throws IoException {
    int done = 0;
    for (int i = 0; i < ROUNDS; i++) {
        try (Replacement settings = top.replace(name + ".settings", 0644)) {
            settings.file().writeAll("colour = green\n".getBytes());
            settings.commit();
        }
        done += top.stat(name + ".settings").size() == 15 ? 1 : 0;
    }
    return done;
}

/** Two folders, each told before and after what is in it. */
int walk(Directory top, String name) throws IoException {
    int told = 0;
    for (int i = 0; i < ROUNDS; i++) {
        top.makePath(name + ".tree/src/main");
        try (Walk walk = top.walk(name + ".tree")) {
            while (walk.next() != null) {
                told++;
            }
        }
        top.deleteTree(name + ".tree");
    }
    return told / 4;
}

int ask(Io io) throws Exception {
    int done = 0;
    Command cat = Command.of("cat").withInput(Stdio.PIPE).withOutput(Stdio.PIPE);
    for (int i = 0; i < ROUNDS; i++) {
        try (Child child = io.spawn(cat)) {
            Task<Void, IoException> writing = io.concurrent(() -> {
                child.input().writeAll("hello\n".getBytes());
                child.input().close();
                return null;
            });
            BufferedSource answer = new BufferedSource(child.output());
            done += "hello".equals(answer.readLine(100)) && child.await().isSuccess() ? 1 : 0;
            writing.await();
        }
    }
    return done;
}

int watch(Io io, Directory top, String name) throws Exception {
    int heard = 0;
    top.makeDirectory(name + ".watched");
    try (Watcher watcher = io.watcher(); Directory folder = top.openDirectory(name + ".watched")) {
        watcher.watch(folder, ".", Set.of(Change.MOVED_TO));
        Task<Void, IoException> changing = io.concurrent(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                folder.openFile("new", OpenOptions.REPLACE).close();
                folder.rename("new", "settings" + i);
            }
            return null;
        });
        for (; heard < ROUNDS; heard++) {
            watcher.next();
        }
        changing.await();
    }
    return heard;
}
