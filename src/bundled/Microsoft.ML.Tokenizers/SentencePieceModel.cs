using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>What is needed of a SentencePiece model file, a protocol buffer message of <c>sentencepiece_model.proto</c>.</summary>
sealed class SentencePieceModel
{
    public enum PieceType { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 }

    public readonly record struct Piece(string Text, float Score, PieceType Type);

    public List<Piece> Pieces { get; } = [];

    /// <summary>1 is unigram, 2 is byte-pair encoding.</summary>
    public int ModelType { get; private set; } = 1;
    public bool ByteFallback { get; private set; }
    public int UnknownId { get; private set; }
    public int BeginningId { get; private set; } = 1;
    public int EndId { get; private set; } = 2;
    public string NormalizerName { get; private set; } = "";
    public bool AddDummyPrefix { get; private set; } = true;
    public bool RemoveExtraWhitespaces { get; private set; } = true;
    public bool EscapeWhitespaces { get; private set; } = true;

    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static SentencePieceModel Parse(ReadOnlySpan<byte> message)
    {
        var model = new SentencePieceModel();
        for (var reader = new Reader(message); reader.Next(out var field);)
            switch (field)
            {
                case 1: model.Pieces.Add(ReadPiece(reader.Bytes)); break;
                case 2: model.ReadTrainer(reader.Bytes); break;
                case 3: model.ReadNormalizer(reader.Bytes); break;
            }
        return model;
    }

    static Piece ReadPiece(ReadOnlySpan<byte> message)
    {
        var piece = new Piece("", 0, PieceType.Normal);
        for (var reader = new Reader(message); reader.Next(out var field);)
            piece = field switch
            {
                1 => piece with { Text = Encoding.UTF8.GetString(reader.Bytes) },
                2 => piece with { Score = BitConverter.Int32BitsToSingle((int)reader.Number) },
                3 => piece with { Type = (PieceType)reader.Number },
                _ => piece,
            };
        return piece;
    }

    void ReadTrainer(ReadOnlySpan<byte> message)
    {
        for (var reader = new Reader(message); reader.Next(out var field);)
            switch (field)
            {
                case 3: ModelType = (int)reader.Number; break;
                case 35: ByteFallback = reader.Number != 0; break;
                case 40: UnknownId = (int)reader.Number; break;
                case 41: BeginningId = (int)reader.Number; break;
                case 42: EndId = (int)reader.Number; break;
            }
    }

    void ReadNormalizer(ReadOnlySpan<byte> message)
    {
        for (var reader = new Reader(message); reader.Next(out var field);)
            switch (field)
            {
                case 1: NormalizerName = Encoding.UTF8.GetString(reader.Bytes); break;
                case 3: AddDummyPrefix = reader.Number != 0; break;
                case 4: RemoveExtraWhitespaces = reader.Number != 0; break;
                case 5: EscapeWhitespaces = reader.Number != 0; break;
            }
    }

    // Fields one after another; each is a number or a run of bytes.
    ref struct Reader(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> rest = message;

        public ulong Number { get; private set; }
        public ReadOnlySpan<byte> Bytes { get; private set; }

        public bool Next(out int field)
        {
            field = 0;
            if (rest.IsEmpty)
                return false;
            var tag = Varint();
            field = (int)(tag >> 3);
            Number = 0;
            Bytes = default;
            switch (tag & 7)
            {
                case 0: Number = Varint(); break;
                case 1: Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
                case 2: Bytes = Take(Varint()); break;
                case 5: Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
                default: throw new InvalidDataException("This is no SentencePiece model: a field has an unknown kind.");
            }
            return true;
        }

        ulong Varint()
        {
            var value = 0UL;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var b = Take(1)[0];
                value |= (ulong)(b & 0x7f) << shift;
                if (b < 0x80)
                    return value;
            }
            throw new InvalidDataException("This is no SentencePiece model: a number is too long.");
        }

        ReadOnlySpan<byte> Take(ulong count)
        {
            if (count > (ulong)rest.Length)
                throw new InvalidDataException("This is no SentencePiece model, or it was cut short.");
            var taken = rest[..(int)count];
            rest = rest[(int)count..];
            return taken;
        }
    }
}
