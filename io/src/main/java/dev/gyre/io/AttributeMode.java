package dev.gyre.io;

/** What happens to an extended attribute that is there already, or is not (setxattr(2)). */
public enum AttributeMode {
    /** Whether it is there or not, it has the value afterwards. */
    CREATE_OR_REPLACE,
    /** It must not be there: otherwise {@link Reason#ATTRIBUTE_EXISTS}. */
    CREATE,
    /** It must be there: otherwise {@link Reason#NO_SUCH_ATTRIBUTE}. */
    REPLACE
}
