namespace Docker.DotNet.Models;

public class ContainerRemoveParameters
{
    public bool? RemoveVolumes { get; set; }

    public bool? Force { get; set; }
}
