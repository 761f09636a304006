#include "slipcast/core/packing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace slipcast;

TEST(Packing, ComesBackBitForBit) {
    Packer packer;
    packer.put(std::uint64_t{0xfedcba9876543210});
    packer.put(std::numeric_limits<std::int64_t>::min());
    packer.put(-0.0);
    packer.put(std::numeric_limits<double>::quiet_NaN());
    packer.put(std::string_view("a\0b", 3));
    packer.put(std::vector<double>{1.5, -2.25});
    packer.put(std::string_view{});
    const std::string bytes = packer.take();
    EXPECT_EQ(bytes.substr(0, 8), "\x10\x32\x54\x76\x98\xba\xdc\xfe") << "the lowest byte first";
    Unpacker unpacker(bytes);
    EXPECT_EQ(unpacker.number(), 0xfedcba9876543210);
    EXPECT_EQ(unpacker.integer(), std::numeric_limits<std::int64_t>::min());
    EXPECT_TRUE(std::signbit(unpacker.real()));
    EXPECT_TRUE(std::isnan(unpacker.real()));
    EXPECT_EQ(unpacker.text(), std::string_view("a\0b", 3));
    EXPECT_EQ(unpacker.reals(), (std::vector<double>{1.5, -2.25}));
    EXPECT_EQ(unpacker.text(), "");
    EXPECT_TRUE(unpacker.finish());
}

TEST(Packing, WhatIsCutOffOrTooLongIsRefused) {
    Packer packer;
    packer.put(std::vector<double>{1.0, 2.0});
    packer.put(std::string_view("text"));
    const std::string bytes = packer.take();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        Unpacker cut(std::string_view(bytes).substr(0, length));
        static_cast<void>(cut.reals());
        static_cast<void>(cut.text());
        EXPECT_FALSE(cut.is_whole()) << length;
        EXPECT_EQ(cut.finish().error().field, "state");
    }
    const std::string longer = bytes + 'x';
    Unpacker left(longer);
    static_cast<void>(left.reals());
    static_cast<void>(left.text());
    EXPECT_TRUE(left.is_whole());
    EXPECT_FALSE(left.finish());
}

TEST(Packing, ACountBeyondTheBytesMakesNoList) {
    Packer packer;
    packer.put(std::uint64_t{1} << 60);
    packer.put(1.0);
    Unpacker unpacker(packer.bytes());
    EXPECT_TRUE(unpacker.reals().empty());
    EXPECT_FALSE(unpacker.finish());
    Unpacker text(packer.bytes());
    EXPECT_EQ(text.text(), "");
    EXPECT_FALSE(text.is_whole());
}
