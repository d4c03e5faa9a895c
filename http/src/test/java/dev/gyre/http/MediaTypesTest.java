package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /index.html      | text/html; charset=utf-8
            /INDEX.HTM       | text/html; charset=utf-8
            /a.css           | text/css; charset=utf-8
            /a.js            | text/javascript; charset=utf-8
            /a.mjs           | text/javascript; charset=utf-8
            /a.txt           | text/plain; charset=utf-8
            /a.md            | text/markdown; charset=utf-8
            /a.json          | application/json
            /a.wasm          | application/wasm
            /a.svg           | image/svg+xml
            /a.png           | image/png
            /a.jpeg          | image/jpeg
            /a.webp          | image/webp
            /a.avif          | image/avif
            /a.ico           | image/vnd.microsoft.icon
            /a.mp4           | video/mp4
            /a.webm          | video/webm
            /a.woff2         | font/woff2
            /a.pdf           | application/pdf
            /a.tar.gz        | application/gzip
            /a.zip           | application/zip
            /README          | text/plain; charset=utf-8
            /a.d/LICENSE     | text/plain; charset=utf-8
            /a/Makefile      | text/plain; charset=utf-8
            /.gitignore      | text/plain; charset=utf-8
            /a.d/a           | application/octet-stream
            /a.svgz          | image/svg+xml
            /a.cjs           | text/javascript; charset=utf-8
            /a.ts            | text/plain; charset=utf-8
            /a.d.ts          | text/plain; charset=utf-8
            /a.tsx           | text/plain; charset=utf-8
            /a.jsx           | text/plain; charset=utf-8
            /a.kt            | text/plain; charset=utf-8
            /a.rb            | text/plain; charset=utf-8
            /a.scss          | text/plain; charset=utf-8
            /a.diff          | text/plain; charset=utf-8
            /a.srt           | text/plain; charset=utf-8
            /a.sh            | text/plain; charset=utf-8
            /a.rss           | application/rss+xml
            /a.atom          | application/atom+xml
            /a.gltf          | model/gltf+json
            /a.glb           | model/gltf-binary
            /.html           | application/octet-stream
            /a/.html         | application/octet-stream
            /a.              | application/octet-stream
            /a.nobodyknows   | application/octet-stream
            """)
    void goesByTheLastExtension(String path, String type) {
        assertThat(MediaTypes.of(path)).isEqualTo(type);
    }

    @Test
    void saysWhatIsCompressedByItsType() {
        assertThat(MediaTypes.coding("/a.svgz")).isEqualTo("gzip");
        assertThat(MediaTypes.coding("/a.SVGZ")).isEqualTo("gzip");
        assertThat(MediaTypes.coding("/a.svg")).isNull();
        assertThat(MediaTypes.coding("/svgz")).isNull();
        assertThat(MediaTypes.coding("/a.tar.gz")).isNull();
    }
}
