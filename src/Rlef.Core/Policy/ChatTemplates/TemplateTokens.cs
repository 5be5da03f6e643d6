namespace Rlef.Policy;

/// <summary>A template's tokens as its parser takes them.</summary>
abstract class TemplateTokens(List<TemplateToken> tokens)
{
    const int MaxDepth = 100;
    int at, depth;

    protected TemplateToken Now => tokens[at];
    protected TemplateToken Peek(int ahead) => tokens[Math.Min(at + ahead, tokens.Count - 1)];
    protected TemplateToken Take() => tokens[at < tokens.Count - 1 ? at++ : at];
    protected TemplateException Fault(string what) => new($"line {Now.Line}: {what}.");

    protected bool IsOperator(string text) => Now.Kind == TemplateTokenKind.Operator && Now.Text == text;
    protected bool IsName(string text) => Now.Kind == TemplateTokenKind.Name && Now.Text == text;
    protected bool Accept(string text) => IsOperator(text) && Take() is var _;
    protected bool AcceptName(string text) => IsName(text) && Take() is var _;
    protected string Name() => Now.Kind == TemplateTokenKind.Name ? Take().Text : throw Fault($"a name is missing before '{Now.Text}'");

    protected void Expect(TemplateTokenKind kind, string text)
    {
        if (Now.Kind != kind)
            throw Fault($"'{text}' is missing");
        Take();
    }

    protected void ExpectOperator(string text)
    {
        if (!Accept(text))
            throw Fault($"'{text}' is missing");
    }

    // Parts in brackets lie in each other as deeply as the stack bears.
    protected T Deeper<T>(string what, Func<T> parse)
    {
        if (++depth > MaxDepth)
            throw Fault($"{what} too deeply");
        var result = parse();
        depth--;
        return result;
    }
}
