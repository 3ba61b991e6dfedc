using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// When a Tenant is read whole. The times follow from its uid and interval alone, so a restart or another leader keeps to them although they
/// are stored nowhere, and Tenants that were set up together are spread over the interval. Pure.
/// </summary>
internal static class SweepSchedule
{
    // Each time is moved by up to a tenth either way, so that two clusters that met once do not meet for ever.
    private const double Jitter = 0.1;

    // A read that was made for another reason, such as a restart, stands for a sweep that would follow at once. With the jitter the
    // gap stays below one and a half intervals, the age at which a reconciliation would read for itself.
    private const double Fresh = 0.25;

    /// <summary>The next sweep after a read of the whole tenant.</summary>
    public static DateTimeOffset After(DateTimeOffset read, string uid, TimeSpan interval)
    {
        var from = read + (interval * Fresh);
        var phase = (long)(Share(uid) * interval.Ticks);
        var turn = ((from.UtcTicks - phase) / interval.Ticks) - 1;
        while (true)
        {
            var move = ((2 * Share(uid + turn.ToString(CultureInfo.InvariantCulture))) - 1) * Jitter * interval.Ticks;
            var due = phase + (turn * interval.Ticks) + (long)move;
            if (due >= from.UtcTicks)
            {
                return new DateTimeOffset(due, TimeSpan.Zero);
            }

            turn++;
        }
    }

    // From 0 to 1, the same in every process.
    private static double Share(string text) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) / (double)uint.MaxValue;
}
