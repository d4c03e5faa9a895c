/** A chat server: a supervision tree, a process for each connection and each room, lines over TCP. */
@NullMarked
package dev.gyre.examples.chat;

import org.jspecify.annotations.NullMarked;
