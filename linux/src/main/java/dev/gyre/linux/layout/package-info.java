/** The kernel's structures: sizes, offsets, and how to read and write their members. */
@NullMarked
package dev.gyre.linux.layout;

import org.jspecify.annotations.NullMarked;
