/** Linux system calls, struct layouts and error numbers: no policy, no threads. */
@NullMarked
package dev.gyre.linux;

import org.jspecify.annotations.NullMarked;
