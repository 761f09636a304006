#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/cost/model.hpp"

namespace slipcast::cost::detail {

/// A term with its inputs' places in the list of inputs.
struct Term {
    std::string name;
    Formula formula = Formula::one;
    int first = -1;
    int second = -1;
    double constant = 0.0;
};

/// The inputs of a table as columns: numbers with NaN for missing; labels as codes into `texts`, -1 for missing.
struct InputColumns {
    std::vector<Input> inputs;
    std::vector<std::vector<double>> values;
    std::vector<std::vector<std::string>> texts;
    std::size_t rows = 0;
};

/// Finds terms by name in a table and keeps the inputs that they need. A term is a declared transform, or else a column
/// of the table under its own name: a number as it is, labels one column a level. Refused with the nearest: a term that
/// is neither. Refused: a transform whose inputs the table does not have, a column known only after the trade.
class TermReader {
public:
    explicit TermReader(const Table& table) : table_(&table) {}
    [[nodiscard]] Result<Term> find(const std::string& field, const std::string& name);
    [[nodiscard]] Result<InputColumns> read() const;

private:
    [[nodiscard]] Result<int> place(const std::string& term, const std::string& input);
    [[nodiscard]] Result<Term> own_column(const std::string& field, const std::string& name);
    int keep(Input input);

    const Table* table_;
    std::vector<Input> inputs_;
};

/// The same inputs of another table, from where the model read them, or else from the first source that it has.
[[nodiscard]] Result<InputColumns> read_inputs(const Table& table, const std::vector<Input>& inputs);

/// The term's value where an input is missing or outside the formula's domain is NaN; `first` and `second` are what the
/// inputs read.
[[nodiscard]] double term_value(const Term& term, double first, double second);

}  // namespace slipcast::cost::detail
