namespace Docker.DotNet.Models;

public class ContainersListParameters
{
    public bool? All { get; set; }

    /// <summary>Such as <c>label</c>, each a set of values.</summary>
    public IDictionary<string, IDictionary<string, bool>>? Filters { get; set; }
}
