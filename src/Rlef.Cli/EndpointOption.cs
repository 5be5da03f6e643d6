using System.CommandLine;
using Rlef.Dialogue;
using Rlef.Endpoints;

namespace Rlef.Cli;

/// <summary>The options of a command that plays a served model.</summary>
sealed class EndpointOption
{
    const double Million = 1e6;

    readonly Option<string?> address = new("--endpoint")
    {
        Description = "Address of an OpenAI-compatible server whose model plays, such as http://127.0.0.1:8000/v1. " +
            $"Its key is read from {string.Join(" or ", EndpointKey.Variables)}.",
    };
    readonly Option<string?> model = new("--model") { Description = "With --endpoint: the server's name for the model." };
    readonly Option<int> concurrency = new("--concurrency") { Description = "With --endpoint: requests under way at once.", DefaultValueFactory = _ => Standard.Concurrency };
    readonly Option<int> tokens = new("--tokens-under-way")
    {
        Description = "With --endpoint: " +
            "most tokens of the requests under way, those that may still be written included.", DefaultValueFactory = _ => Standard.TokensUnderWay,
    };
    readonly Option<double> timeout = new("--request-timeout") { Description = "With --endpoint: how long an answer may take, in seconds.", DefaultValueFactory = _ => Standard.Timeout.TotalSeconds };
    readonly Option<int> retries = new("--retries")
    {
        Description = "With --endpoint: " +
            "how often a request is made again after a time-out or a failure of the server.", DefaultValueFactory = _ => Standard.Retries,
    };
    readonly Option<double?> priceIn = new("--price-in") { Description = "With --endpoint: price of a million tokens read, to tell what the evaluation cost." };
    readonly Option<double?> priceOut = new("--price-out") { Description = "With --endpoint: price of a million tokens written." };

    static readonly Endpoint Standard = new(new("http://127.0.0.1"), "");

    public static EndpointOption AddTo(Command command)
    {
        var option = new EndpointOption();
        command.Options.Add(option.address);
        foreach (var detail in option.Details)
            command.Options.Add(detail);
        return option;
    }

    public Option Address => address;

    /// <summary>Those that do nothing without an address.</summary>
    public IReadOnlyList<Option> Details => [model, concurrency, tokens, timeout, retries, priceIn, priceOut];

    /// <summary>Null where no address is given.</summary>
    /// <exception cref="ArgumentException">It is no address, or the model is missing.</exception>
    public Endpoint? Read(ParseResult parse)
    {
        if (parse.GetValue(address) is not { } where)
            return null;
        if (string.IsNullOrWhiteSpace(parse.GetValue(model)))
            throw new ArgumentException("--endpoint needs --model: the server's name for the model.");
        if (parse.GetValue(priceIn) is null != parse.GetValue(priceOut) is null)
            throw new ArgumentException("--price-in and --price-out belong together: tokens that are read and tokens that are written have prices of their own.");
        return Endpoint.Of(where, parse.GetValue(model)!) with
        {
            Concurrency = parse.GetValue(concurrency),
            TokensUnderWay = parse.GetValue(tokens),
            Timeout = TimeSpan.FromSeconds(parse.GetValue(timeout)),
            Retries = parse.GetValue(retries),
        };
    }

    /// <summary>What tokens cost; null where no prices are given.</summary>
    public double? Price(ParseResult parse, TokenUsage usage) => (parse.GetValue(priceIn), parse.GetValue(priceOut)) is ({ } read, { } written)
        ? (usage.Input * read + usage.Output * written) / Million
        : null;
}
