// Writes the page of the sample document, for the browser tests: make_document FILE
#include <cstdio>
#include <fstream>

#include "support/sample_document.hpp"

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: make_document FILE\n", stderr);
        return 2;
    }
    const auto page = slipcast::report::document(slipcast::test::sample_document());
    if (!page) {
        std::fprintf(stderr, "%s\n", page.error().message().c_str());
        return 1;
    }
    std::ofstream file(arguments[1], std::ios::binary);
    file << *page;
    return file.good() ? 0 : 1;
}
