package dev.gyre.io.spi;

/** Names for tasks that say where they come from: by the class in which the body was written. */
final class TaskNames {
    /** One string for each class, because there may be a million tasks. */
    private static final ClassValue<String> NAMES = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            String name = type.getName();
            int lambda = name.indexOf("$$Lambda");
            String written = lambda < 0 ? name : name.substring(0, lambda);
            return written.substring(written.lastIndexOf('.') + 1);
        }
    };

    private TaskNames() {}

    /** For instance {@code FileServer}, for a lambda expression written in {@code dev.gyre.http.FileServer}. */
    static String of(Object body) {
        return NAMES.get((body instanceof Wrapper wrapper ? wrapper.wrapped() : body).getClass());
    }
}
