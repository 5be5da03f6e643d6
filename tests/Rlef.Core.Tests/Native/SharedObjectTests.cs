using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Rlef.Native;

namespace Rlef.Core.Tests.Native;

public sealed class SharedObjectTests : IDisposable
{
    const string Late = "GLIBCXX_3.4.32", Early = "GLIBCXX_3.4", Anchor = "_ZSt21ios_base_library_initv";

    readonly string folder = Directory.CreateTempSubdirectory("rlef-elf-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Write(byte[] bytes)
    {
        var path = Path.Combine(folder, "small.so");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    [Fact]
    public void Versions_that_are_needed_and_defined_are_read()
    {
        var library = SharedObject.Load(Write(SmallLibrary.Of([new("a", Early), new("b", "CXXABI_1.3"), new(Anchor, Late)], ["libsmall.so", "SMALL_1.0"])));
        Assert.Equal([Early, "CXXABI_1.3", Late], library.Needed);
        Assert.Equal(["libsmall.so", "SMALL_1.0"], library.Defined);
    }

    [Fact]
    public void A_version_of_which_only_an_unused_anchor_is_asked_for_is_redirected_in_a_copy()
    {
        var bytes = SmallLibrary.Of([new("a", Early, Relocated: true), new(Anchor, Late)]);
        var path = Write(bytes);
        var copy = SharedObject.Load(path).Redirect(Late, Early, Anchor);
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Equal([Early, Early], SharedObject.Load(Write(copy)).Needed);
        // The loader compares hashes first: the two entries carry the same.
        Span<byte> hash = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(hash, SmallLibrary.Hash(Late));
        Assert.Equal(-1, copy.AsSpan().IndexOf(hash));
        Assert.Equal(bytes.Length, copy.Length);
        Assert.InRange(bytes.Zip(copy).Count(pair => pair.First != pair.Second), 1, 8);
    }

    [Fact]
    public void A_version_that_is_really_used_is_not_redirected()
    {
        SmallLibrary.Use[][] all =
        [
            [new("a", Early), new(Anchor, Late, Relocated: true)],
            [new("a", Early), new(Anchor, Late), new("_ZSt4cout", Late)],
            [new("a", Early), new("_ZSt4cout", Late)],
            [new("a", Early)],
            [new(Anchor, Late)],
        ];
        foreach (var uses in all)
            Assert.Contains("small.so", Assert.Throws<InvalidDataException>(() => SharedObject.Load(Write(SmallLibrary.Of(uses))).Redirect(Late, Early, Anchor)).Message);
    }

    [Fact]
    public void Damaged_files_are_refused_and_end()
    {
        var whole = SmallLibrary.Of([new("a", Early, Relocated: true), new(Anchor, Late)], ["libsmall.so"]);
        Prop.ForAll(Gen.Zip(Gen.Choose(0, whole.Length - 1), Gen.Choose(0, 255)).ArrayOf(4).ToArbitrary(), Gen.Choose(0, whole.Length).ToArbitrary(), (changes, length) =>
        {
            var bytes = whole.ToArray();
            foreach (var (at, value) in changes)
                bytes[at] = (byte)value;
            var path = Write(changes.Length % 2 == 0 ? bytes : bytes[..length]);
            try
            {
                var library = SharedObject.Load(path);
                _ = (library.Needed, library.Defined, library.Redirect(Late, Early, Anchor));
            }
            catch (InvalidDataException e)
            {
                Assert.Contains("small.so", e.Message);
            }
        }).QuickCheckThrowOnFailure();
    }
}
