namespace Docker.DotNet;

public interface IDockerClient : IDisposable
{
    ISystemOperations System { get; }

    IContainerOperations Containers { get; }

    IImageOperations Images { get; }
}
