using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>A model's weights where they are kept.</summary>
interface IWeightFile : IDisposable
{
    /// <summary>Hugging Face's.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Checks that the wanted tensors are there with their shapes, that nothing else is, and checksums where there are some.</summary>
    /// <param name="ignored">Whether a name may stand there besides.</param>
    /// <exception cref="InvalidDataException">The files belong to another model or are damaged; the message names file and tensor.</exception>
    void Check(IReadOnlyCollection<(string Name, long[] Shape)> wanted, Func<string, bool> ignored);

    /// <summary>Whether two tensors have the same type, shape and bytes.</summary>
    bool Same(string one, string other);

    /// <summary>Copies a tensor into one of the same shape; types are converted.</summary>
    void CopyTo(string name, Tensor target);
}
