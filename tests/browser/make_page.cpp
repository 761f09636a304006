// Writes the page of the sample measurement, for the browser tests: make_page FILE
#include <cstdio>
#include <fstream>

#include "slipcast/report/page.hpp"
#include "support/sample_measurement.hpp"

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: make_page FILE\n", stderr);
        return 2;
    }
    slipcast::report::PageOptions options;
    options.title = "Execution cost of the sample market";
    options.execution_charts = 3;
    const auto page =
        slipcast::report::page(slipcast::test::sample_measurement(), slipcast::test::sample_dataset(), options);
    if (!page) {
        std::fprintf(stderr, "%s\n", page.error().message().c_str());
        return 1;
    }
    std::ofstream file(arguments[1], std::ios::binary);
    file << *page;
    return file.good() ? 0 : 1;
}
