using System.Globalization;
using System.Security.Cryptography;

namespace Experiments.Engine.Artifacts;

/// <summary>Ids that sort by time: <c>20260131-120000-3f9a</c>, in UTC.</summary>
public static class TimestampId
{
    /// <summary>A new id.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="randomBytes">Random bytes at the end; they tell apart what starts in the same second.</param>
    public static string Of(TimeProvider time, int randomBytes)
    {
        var second = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return $"{second}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(randomBytes))}";
    }
}
