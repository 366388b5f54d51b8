using System.Globalization;
using System.Text.Json;

namespace Experiments.Engine.Artifacts;

/// <summary>The content of a lease's file.</summary>
/// <param name="Attempt">The holder's unique name.</param>
/// <param name="Epoch">Rises by one with each taking.</param>
/// <param name="Beat">Rises by one with each renewal, so that the content changes.</param>
/// <param name="Process">The holder.</param>
/// <param name="Host">The holder's host name, for people.</param>
/// <param name="Expiry">How long the lease is valid without renewal.</param>
/// <param name="IsReleased">Whether the holder has released it.</param>
internal sealed record LeaseContent(string Attempt, long Epoch, long Beat, ProcessIdentity Process, string Host, TimeSpan Expiry, bool IsReleased)
{
    /// <summary>Every content is padded to this length, because a renewal overwrites the one before. Unit: bytes.</summary>
    private const int Length = 768;

    private static readonly TimeSpan LongestExpiry = TimeSpan.FromHours(1);

    /// <summary>The holder, in words for people.</summary>
    public string Holder => string.Create(CultureInfo.InvariantCulture, $"process {Process.Id} on {Host}");

    /// <summary>The content of this process's first lease.</summary>
    public static LeaseContent First(string attempt) =>
        new(attempt, Epoch: 1, Beat: 0, ProcessIdentity.Own, Environment.MachineName, Lease.Expiry, IsReleased: false);

    /// <summary>Reads a content, also that of an older version; null when it is damaged or not written yet.</summary>
    public static LeaseContent? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            if (json.RootElement.ValueKind != JsonValueKind.Object || Text("attempt") is not { Length: > 0 } attempt)
            {
                return null;
            }

            var process = new ProcessIdentity(Text("place"), (int)Math.Clamp(Number("process"), 0, int.MaxValue), Text("started"));
            var expiry = TimeSpan.FromSeconds(Math.Clamp(Number("seconds"), 0, LongestExpiry.TotalSeconds));
            return new(attempt, (long)Number("epoch"), (long)Number("beat"), process, Text("host") ?? "an unknown host", expiry, Text("released") is not null);

            string? Text(string name) => json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

            double Number(string name) => double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : 0;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The bytes of the file. All values are text, as in older versions.</summary>
    /// <param name="now">The time, which nothing but people reads.</param>
    public byte[] ToBytes(DateTimeOffset now)
    {
        var values = new Dictionary<string, string?>
        {
            ["attempt"] = Attempt,
            ["epoch"] = Epoch.ToString(CultureInfo.InvariantCulture),
            ["beat"] = Beat.ToString(CultureInfo.InvariantCulture),
            ["host"] = Host,
            ["place"] = Process.Place,
            ["process"] = Process.Id.ToString(CultureInfo.InvariantCulture),
            ["started"] = Process.Started,
            ["seconds"] = Expiry.TotalSeconds.ToString("R", CultureInfo.InvariantCulture),
            ["renewed"] = now.ToString("O", CultureInfo.InvariantCulture),
            ["released"] = IsReleased ? "yes" : null,
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(values.Where(value => value.Value is not null).ToDictionary());
        return bytes.Length >= Length ? bytes : [.. bytes, .. Enumerable.Repeat((byte)' ', Length - bytes.Length - 1), (byte)'\n'];
    }
}
