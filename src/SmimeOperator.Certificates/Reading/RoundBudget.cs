namespace SmimeOperator.Certificates;

/// <summary>Counts the rounds of key derivation that a source asks for, before they are made.</summary>
internal sealed class RoundBudget
{
    /// <summary>
    /// Twice .NET's default of 300,000, since `openssl pkcs12 -iter 600000` follows a common recommendation, and
    /// opening it is a matter of a second or two.
    /// </summary>
    internal const int MaxRounds = 600_000;

    /// <summary>MAC, key and certificates may each take the full count.</summary>
    internal const int MaxTotal = 3 * MaxRounds;

    private long _total;

    /// <summary>Takes rounds off the budget.</summary>
    /// <exception cref="CertificateSourceException">There are not as many left.</exception>
    public void Spend(int rounds)
    {
        _total += rounds;
        if (rounds is <= 0 or > MaxRounds || _total > MaxTotal)
        {
            throw Exceeded(null);
        }
    }

    public static CertificateSourceException Exceeded(Exception? inner) => new(
        SourceFault.LimitExceeded,
        $"Opening it would take more than {MaxRounds} rounds of key derivation, or {MaxTotal} altogether, or it holds more than a hundred keys or "
        + "certificates. Export it again with fewer: openssl pkcs12 -export -iter 2048 (for a PEM key: openssl pkcs8 -topk8 -iter 2048)",
        inner);
}
