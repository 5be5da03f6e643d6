namespace Rlef.Policy;

/// <summary>How a statement ends: with the next one, by leaving the loop, or by going on with the loop's next round.</summary>
enum TemplateFlow { Next, Break, Continue }
