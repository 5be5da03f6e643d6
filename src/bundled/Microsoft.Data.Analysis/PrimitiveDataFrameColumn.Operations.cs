namespace Microsoft.Data.Analysis;

public partial class PrimitiveDataFrameColumn<T>
{
    Arithmetic<T> Numbers => Arithmetic<T>.Instance ?? throw new NotSupportedException($"Column '{Name}' of {DataType} holds no numbers.");

    // Values that are missing take no part in a column's own figures; those of some rows count them as zero.
    T? Reduce(Func<T, T, T> combine) => values.OfType<T>().Cast<T?>().Aggregate((T?)null, (sum, v) => sum is { } s ? combine(s, v!.Value) : v);
    T Reduce(IEnumerable<long> rows, Func<T, T, T> combine) => rows.Select(i => this[i].GetValueOrDefault()).Aggregate(combine);

    public override object? Max() => Reduce(Numbers.Max);
    public override object? Min() => Reduce(Numbers.Min);
    public override object? Sum() => Reduce(Numbers.Add);
    public override object? Product() => Reduce(Numbers.Multiply);
    public override object? Max(IEnumerable<long> rowIndices) => Reduce(rowIndices, Numbers.Max);
    public override object? Min(IEnumerable<long> rowIndices) => Reduce(rowIndices, Numbers.Min);
    public override object? Sum(IEnumerable<long> rowIndices) => Reduce(rowIndices, Numbers.Add);
    public override double Mean() => Sum() is T sum ? Numbers.ToDouble(sum) / (Length - NullCount) : 0;

    public override double Median()
    {
        double[] sorted = [.. values.OfType<T>().Select(Numbers.ToDouble).Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public override bool All() => typeof(T) == typeof(bool) ? values.OfType<bool>().All(v => v) : base.All();
    public override bool Any() => typeof(T) == typeof(bool) ? values.OfType<bool>().Any(v => v) : base.Any();
    public override DataFrameColumn Abs(bool inPlace = false) => Apply(Numbers.Abs, inPlace);

    public override DataFrameColumn CumulativeSum(bool inPlace = false)
    {
        var sum = default(T);
        return Apply(v => sum = Numbers.Add(sum, v), inPlace);
    }

    /// <summary>Number of values, maximum, minimum and mean over all rows.</summary>
    public override DataFrameColumn Description()
    {
        return new PrimitiveDataFrameColumn<float>(Name, IsNumericColumn()
            ? [Length - NullCount, Single(Max()), Single(Min()), Single(Sum()) / Length]
            : (float?[])[Length - NullCount, null, null, null]);

        static float? Single(object? value) => value is null ? null : Convert.ToSingle(value);
    }

    /// <summary>The values between two bounds, both included.</summary>
    public PrimitiveDataFrameColumn<T> Filter(T min, T max) =>
        new(Name, values.OfType<T>().Where(v => Numbers.LessOrEqual(min, v) && Numbers.LessOrEqual(v, max)));

    public PrimitiveDataFrameColumn<T> Clamp(T min, T max, bool inPlace = false) => Apply(v => Numbers.Less(max, v) ? max : Numbers.LessOrEqual(min, v) ? v : min, inPlace);

    public override DataFrameColumn And(DataFrameColumn column) => Logic(column, (a, b) => a & b);
    public override DataFrameColumn Or(DataFrameColumn column) => Logic(column, (a, b) => a | b);

    BooleanDataFrameColumn Logic(DataFrameColumn column, Func<bool?, bool?, bool?> combine)
    {
        CheckLength(column);
        return this is PrimitiveDataFrameColumn<bool> left && column is PrimitiveDataFrameColumn<bool> right
            ? new(Name, left.Zip(right, combine))
            : throw new NotSupportedException($"Columns '{Name}' and '{column.Name}' do not both hold truth values.");
    }

    // What is missing compares as zero or false.
    internal override PrimitiveDataFrameColumn<bool> Compare(Comparison comparison, object other)
    {
        CheckLength(other);
        if (other is T or PrimitiveDataFrameColumn<T>)
        {
            var numbers = Arithmetic<T>.Instance;
            Func<T, T, bool> less = numbers is null ? (a, b) => Comparer<T>.Default.Compare(a, b) < 0 : numbers.Less;
            Func<T, T, bool> equal = numbers is null ? EqualityComparer<T>.Default.Equals : (a, b) => numbers.LessOrEqual(a, b) && numbers.LessOrEqual(b, a);
            return Mask(i => Holds(comparison, this[i].GetValueOrDefault(), other is T value ? value : ((PrimitiveDataFrameColumn<T>)other)[i].GetValueOrDefault(), less, equal));
        }
        return AsDouble().Compare(comparison, other is DataFrameColumn column ? column.AsDouble() : Convert.ToDouble(other));
    }

    static bool Holds(Comparison comparison, T a, T b, Func<T, T, bool> less, Func<T, T, bool> equal) => comparison switch
    {
        Comparison.Equal => equal(a, b),
        Comparison.NotEqual => !equal(a, b),
        Comparison.Less => less(a, b),
        Comparison.LessOrEqual => less(a, b) || equal(a, b),
        Comparison.Greater => less(b, a),
        _ => less(b, a) || equal(a, b),
    };

    internal override DataFrameColumn Combine(Operation operation, object other, bool reverse = false)
    {
        CheckLength(other);
        if (other is not (T or PrimitiveDataFrameColumn<T>))
            return AsDouble().Combine(operation, other is DataFrameColumn column ? column.AsDouble() : Convert.ToDouble(other), reverse);
        Func<T, T, T> apply = operation switch
        {
            Operation.Add => Numbers.Add,
            Operation.Subtract => Numbers.Subtract,
            Operation.Multiply => Numbers.Multiply,
            Operation.Divide => Numbers.Divide,
            _ => Numbers.Modulo,
        };
        return CreateNewColumn(Name, Rows(Length).Select(i =>
        {
            var right = other is T value ? value : ((PrimitiveDataFrameColumn<T>)other)[i];
            return (this[i], right) is ({ } a, { } b) ? reverse ? apply(b, a) : apply(a, b) : (T?)null;
        }));
    }

    internal override DoubleDataFrameColumn AsDouble() => new(Name, values.Select(v => v is { } value ? Numbers.ToDouble(value) : (double?)null));
}
