namespace Microsoft.Data.Analysis;

// Reductions, comparisons and arithmetic. Two numbers of different types meet as double.
public abstract partial class DataFrameColumn
{
    public virtual object? Max() => Unsupported("maximum");
    public virtual object? Min() => Unsupported("minimum");
    public virtual object? Sum() => Unsupported("sum");
    public virtual object? Product() => Unsupported("product");
    public virtual object? Max(IEnumerable<long> rowIndices) => Unsupported("maximum");
    public virtual object? Min(IEnumerable<long> rowIndices) => Unsupported("minimum");
    public virtual object? Sum(IEnumerable<long> rowIndices) => Unsupported("sum");
    public virtual double Mean() => throw new NotImplementedException($"Column '{Name}' of {DataType} has no mean.");
    public virtual double Median() => throw new NotImplementedException($"Column '{Name}' of {DataType} has no median.");
    public virtual bool All() => throw new NotImplementedException($"Column '{Name}' of {DataType} holds no truth values.");
    public virtual bool Any() => throw new NotImplementedException($"Column '{Name}' of {DataType} holds no truth values.");
    public virtual DataFrameColumn Abs(bool inPlace = false) => Unsupported("absolute value");
    public virtual DataFrameColumn CumulativeSum(bool inPlace = false) => Unsupported("cumulative sum");
    public virtual DataFrameColumn Description() => Unsupported("description");

    public PrimitiveDataFrameColumn<bool> ElementwiseIsNull() => Mask(i => !IsValid(i));
    public PrimitiveDataFrameColumn<bool> ElementwiseIsNotNull() => Mask(IsValid);

    public PrimitiveDataFrameColumn<bool> ElementwiseEquals(DataFrameColumn column) => Compare(Comparison.Equal, column);
    public PrimitiveDataFrameColumn<bool> ElementwiseNotEquals(DataFrameColumn column) => Compare(Comparison.NotEqual, column);
    public PrimitiveDataFrameColumn<bool> ElementwiseGreaterThan(DataFrameColumn column) => Compare(Comparison.Greater, column);
    public PrimitiveDataFrameColumn<bool> ElementwiseGreaterThanOrEqual(DataFrameColumn column) => Compare(Comparison.GreaterOrEqual, column);
    public PrimitiveDataFrameColumn<bool> ElementwiseLessThan(DataFrameColumn column) => Compare(Comparison.Less, column);
    public PrimitiveDataFrameColumn<bool> ElementwiseLessThanOrEqual(DataFrameColumn column) => Compare(Comparison.LessOrEqual, column);
    public PrimitiveDataFrameColumn<bool> ElementwiseEquals<T>(T value) => Compare(Comparison.Equal, value!);
    public PrimitiveDataFrameColumn<bool> ElementwiseNotEquals<T>(T value) => Compare(Comparison.NotEqual, value!);
    public PrimitiveDataFrameColumn<bool> ElementwiseGreaterThan<T>(T value) => Compare(Comparison.Greater, value!);
    public PrimitiveDataFrameColumn<bool> ElementwiseGreaterThanOrEqual<T>(T value) => Compare(Comparison.GreaterOrEqual, value!);
    public PrimitiveDataFrameColumn<bool> ElementwiseLessThan<T>(T value) => Compare(Comparison.Less, value!);
    public PrimitiveDataFrameColumn<bool> ElementwiseLessThanOrEqual<T>(T value) => Compare(Comparison.LessOrEqual, value!);

    public virtual DataFrameColumn And(DataFrameColumn column) => Unsupported("truth values");
    public virtual DataFrameColumn Or(DataFrameColumn column) => Unsupported("truth values");

    public static DataFrameColumn operator &(DataFrameColumn left, DataFrameColumn right) => left.And(right);
    public static DataFrameColumn operator |(DataFrameColumn left, DataFrameColumn right) => left.Or(right);
    public static DataFrameColumn operator +(DataFrameColumn left, DataFrameColumn right) => left.Combine(Operation.Add, right);
    public static DataFrameColumn operator -(DataFrameColumn left, DataFrameColumn right) => left.Combine(Operation.Subtract, right);
    public static DataFrameColumn operator *(DataFrameColumn left, DataFrameColumn right) => left.Combine(Operation.Multiply, right);
    public static DataFrameColumn operator /(DataFrameColumn left, DataFrameColumn right) => left.Combine(Operation.Divide, right);
    public static DataFrameColumn operator %(DataFrameColumn left, DataFrameColumn right) => left.Combine(Operation.Modulo, right);
    public static DataFrameColumn operator +(DataFrameColumn column, int value) => column.Combine(Operation.Add, value);
    public static DataFrameColumn operator -(DataFrameColumn column, int value) => column.Combine(Operation.Subtract, value);
    public static DataFrameColumn operator *(DataFrameColumn column, int value) => column.Combine(Operation.Multiply, value);
    public static DataFrameColumn operator /(DataFrameColumn column, int value) => column.Combine(Operation.Divide, value);
    public static DataFrameColumn operator %(DataFrameColumn column, int value) => column.Combine(Operation.Modulo, value);
    public static DataFrameColumn operator +(DataFrameColumn column, double value) => column.Combine(Operation.Add, value);
    public static DataFrameColumn operator -(DataFrameColumn column, double value) => column.Combine(Operation.Subtract, value);
    public static DataFrameColumn operator *(DataFrameColumn column, double value) => column.Combine(Operation.Multiply, value);
    public static DataFrameColumn operator /(DataFrameColumn column, double value) => column.Combine(Operation.Divide, value);
    public static DataFrameColumn operator +(int value, DataFrameColumn column) => column.Combine(Operation.Add, value);
    public static DataFrameColumn operator -(int value, DataFrameColumn column) => column.Combine(Operation.Subtract, value, reverse: true);
    public static DataFrameColumn operator *(int value, DataFrameColumn column) => column.Combine(Operation.Multiply, value);
    public static DataFrameColumn operator /(int value, DataFrameColumn column) => column.Combine(Operation.Divide, value, reverse: true);
    public static DataFrameColumn operator +(double value, DataFrameColumn column) => column.Combine(Operation.Add, value);
    public static DataFrameColumn operator -(double value, DataFrameColumn column) => column.Combine(Operation.Subtract, value, reverse: true);
    public static DataFrameColumn operator *(double value, DataFrameColumn column) => column.Combine(Operation.Multiply, value);
    public static DataFrameColumn operator /(double value, DataFrameColumn column) => column.Combine(Operation.Divide, value, reverse: true);

    internal enum Comparison { Equal, NotEqual, Greater, GreaterOrEqual, Less, LessOrEqual }
    internal enum Operation { Add, Subtract, Multiply, Divide, Modulo }

    // The other side is a column of the same length or one value.
    internal abstract PrimitiveDataFrameColumn<bool> Compare(Comparison comparison, object other);
    internal virtual DataFrameColumn Combine(Operation operation, object other, bool reverse = false) => Unsupported("arithmetic");
    internal virtual DoubleDataFrameColumn AsDouble() => (DoubleDataFrameColumn)Unsupported("numbers");

    internal PrimitiveDataFrameColumn<bool> Mask(Func<long, bool> test) => new BooleanDataFrameColumn(Name, Rows(Length).Select(test));

    internal void CheckLength(object other)
    {
        if (other is DataFrameColumn column && column.Length != Length)
            throw new ArgumentException("Column lengths are mismatched", nameof(column));
    }
}
