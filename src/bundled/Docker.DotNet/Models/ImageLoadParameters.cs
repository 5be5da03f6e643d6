namespace Docker.DotNet.Models;

public class ImageLoadParameters
{
    public bool Quiet { get; set; }
}
