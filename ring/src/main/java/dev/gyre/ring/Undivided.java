package dev.gyre.ring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method in the midst of which no virtual thread loses its carrier: it changes what the virtual threads of one loop
 * share, so none of the others may run before it is through.
 *
 * <p>Such a method, and whatever it calls, changes fields and arrays. It takes no lock, waits for nothing, and calls no
 * method of the JDK's that could: to use a {@code ConcurrentHashMap}, or the accessor of a memory layout for the first
 * time, is enough. A test follows the calls in the byte code.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Undivided {}
