#include "engine.hpp"
#include "slipcast/interchange/columns.hpp"
#include "slipcast/interchange/encode.hpp"

namespace slipcast::python {
namespace {

constexpr const char* kStreamName = "arrow_array_stream";

void release_stream(PyObject* capsule) {
    auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, kStreamName));
    if (stream == nullptr) return;
    if (stream->release != nullptr) stream->release(stream);
    delete stream;
}

nb::object arrow_stream(const SharedTable& table) {
    auto stream = std::make_unique<ArrowArrayStream>();
    interchange::encode_table(table, stream.get());
    PyObject* capsule = PyCapsule_New(stream.get(), kStreamName, release_stream);
    if (capsule == nullptr) throw nb::python_error();
    stream.release();
    return nb::steal(capsule);
}

nb::list column_meta(const Table& table) {
    nb::list all;
    for (const Column& column : table.columns()) {
        nb::dict one;
        one["name"] = column.meta.name;
        one["unit"] = column.meta.unit;
        one["sign"] = std::string{name(column.meta.sign)};
        one["benchmark"] = column.meta.benchmark;
        one["definition_version"] = column.meta.definition_version;
        one["weighting"] = column.meta.weighting;
        one["meaning"] = column.meta.meaning;
        all.append(one);
    }
    return all;
}

}  // namespace

ArrowArrayStream* stream_of(nb::handle capsule) {
    if (capsule.is_none()) return nullptr;
    auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), kStreamName));
    if (stream == nullptr) throw nb::python_error();
    return stream;
}

Table table_of(nb::handle capsule, const char* name) {
    ArrowArrayStream* stream = stream_of(capsule);
    if (stream == nullptr) throw nb::type_error("a table is needed, not None");
    return taken(interchange::decode_columns(stream, name));
}

void bind_table(nb::module_& module) {
    nb::class_<Table>(module, "Table")
        .def_prop_ro("name", &Table::name)
        .def("__len__", &Table::rows)
        .def("arrow_stream", [](const std::shared_ptr<Table>& table) { return arrow_stream(table); })
        .def("column_meta", &column_meta)
        .def(
            "text",
            [](const Table& table, std::size_t row, std::size_t column, int digits) {
                if (row >= table.rows() || column >= table.columns().size()) throw nb::index_error();
                return table.text(row, column, digits);
            },
            nb::arg("row"), nb::arg("column"), nb::arg("digits"));
}

}  // namespace slipcast::python
