namespace Experiments.Plugins.Sources.Compression;

/// <summary>Bytes that come in members, each readable without those before: the members of a gzip file, or a plain file as the only one.</summary>
internal abstract class MemberSource(Stream file) : IDisposable
{
    /// <summary>The underlying file; seekable.</summary>
    protected Stream File { get; } = file;

    /// <summary>Where the current member begins in the file.</summary>
    public long Offset { get; protected set; }

    /// <summary>How many bytes are still to come, or null where only reading would tell.</summary>
    public abstract long? Left { get; }

    /// <summary>Opens a file by its first bytes, whatever its name says.</summary>
    public static MemberSource Open(string path) => Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan));

    /// <summary>Opens a seekable stream by its first bytes.</summary>
    public static MemberSource Open(Stream file)
    {
        var gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return gzip ? new GzipMembers(file) : new PlainMember(file);
    }

    /// <summary>Goes to the next member; false at the end of the file.</summary>
    /// <exception cref="DamagedInputException">What follows is no member.</exception>
    public abstract bool Next();

    /// <summary>Reads from the current member; 0 when it ended and its checksum was right.</summary>
    /// <exception cref="DamagedInputException">The member is cut or corrupt.</exception>
    public abstract int Read(Span<byte> target);

    /// <summary>After damage: goes to where <see cref="Next"/> finds the next member that begins with a mark; false when there is none.</summary>
    public abstract bool Resynchronise(ReadOnlySpan<byte> mark);

    /// <inheritdoc/>
    public virtual void Dispose() => File.Dispose();

    private sealed class PlainMember(Stream file) : MemberSource(file)
    {
        private bool _begun;

        public override long? Left => File.Length - File.Position;

        public override bool Next() => !_begun && (_begun = true);

        public override int Read(Span<byte> target) => File.Read(target);

        public override bool Resynchronise(ReadOnlySpan<byte> mark) => false;
    }
}
