namespace Plotly.NET;

/// <summary>plotly.js's named choices.</summary>
public static class StyleParam
{
    public sealed class Fill
    {
        private readonly string _name;

        private Fill(string name) => _name = name;

        public static Fill ToSelf { get; } = new("toself");

        public override string ToString() => _name;
    }

    public sealed class DrawingStyle
    {
        private readonly string _name;

        private DrawingStyle(string name) => _name = name;

        public static DrawingStyle Solid { get; } = new("solid");

        public static DrawingStyle Dash { get; } = new("dash");

        public static DrawingStyle Dot { get; } = new("dot");

        public override string ToString() => _name;
    }

    public sealed class MarkerSymbol
    {
        private readonly string _name;

        private MarkerSymbol(string name) => _name = name;

        public static MarkerSymbol Circle { get; } = new("0");

        public static MarkerSymbol Square { get; } = new("1");

        public static MarkerSymbol Diamond { get; } = new("2");

        public static MarkerSymbol Cross { get; } = new("3");

        public static MarkerSymbol TriangleUp { get; } = new("5");

        public override string ToString() => _name;
    }

    public sealed class AxisType
    {
        private readonly string _name;

        private AxisType(string name) => _name = name;

        public static AxisType Linear { get; } = new("linear");

        public static AxisType Log { get; } = new("log");

        public static AxisType Category { get; } = new("category");

        public override string ToString() => _name;
    }
}
