namespace Docker.DotNet.Models;

public class ImagesCreateParameters
{
    public string? FromImage { get; set; }

    public string? FromSrc { get; set; }

    public string? Repo { get; set; }

    public string? Tag { get; set; }

    public string? Message { get; set; }
}
