/**
 * Small programs as people write them, each once for every runtime: server and clients in one process, on all
 * processors. Each measures itself, its first second and a while later.
 */
@NullMarked
package dev.gyre.benchmarks.programs;

import org.jspecify.annotations.NullMarked;
