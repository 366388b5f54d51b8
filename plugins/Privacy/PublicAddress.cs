namespace Experiments.Plugins.Privacy;

/// <summary>
/// Decides which IPv4 addresses are public: all except those that the IANA special-purpose registry (RFC 6890) lists as
/// not globally reachable.
/// </summary>
internal static class PublicAddress
{
    private static readonly (uint Network, int Bits)[] Special =
    [
        Block(0, 0, 0, 0, 8), Block(10, 0, 0, 0, 8), Block(100, 64, 0, 0, 10), Block(127, 0, 0, 0, 8), Block(169, 254, 0, 0, 16), Block(172, 16, 0, 0, 12),
        Block(192, 0, 0, 0, 24), Block(192, 0, 2, 0, 24), Block(192, 168, 0, 0, 16), Block(198, 18, 0, 0, 15), Block(198, 51, 100, 0, 24),
        Block(203, 0, 113, 0, 24), Block(240, 0, 0, 0, 4),
    ];

    // These two addresses within 192.0.0.0/24 are reachable: Port Control Protocol anycast and TURN anycast.
    private static readonly uint[] Reachable = [Block(192, 0, 0, 9, 32).Network, Block(192, 0, 0, 10, 32).Network];

    /// <summary>
    /// Whether a dotted address is public. An address with a leading zero in a number is invalid, as in Python's
    /// ipaddress, and therefore not public.
    /// </summary>
    public static bool Is(string dotted)
    {
        var address = 0u;
        foreach (var part in dotted.Split('.'))
        {
            if (part.Length > 1 && part[0] == '0')
            {
                return false;
            }

            address = (address << 8) | byte.Parse(part);
        }

        return Reachable.Contains(address) || !Array.Exists(Special, block => address >> (32 - block.Bits) == block.Network >> (32 - block.Bits));
    }

    private static (uint Network, int Bits) Block(uint a, uint b, uint c, uint d, int bits) => ((a << 24) | (b << 16) | (c << 8) | d, bits);
}
