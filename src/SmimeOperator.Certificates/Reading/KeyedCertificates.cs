using System.Collections;

namespace SmimeOperator.Certificates;

/// <summary>What one source holds: one certificate with its key, or a whole history of them. Never empty. Dispose it as soon as it was packaged.</summary>
public sealed class KeyedCertificates : IReadOnlyList<KeyedCertificate>, IDisposable
{
    private readonly IReadOnlyList<KeyedCertificate> _certificates;

    /// <summary>Takes over everything it is given.</summary>
    internal KeyedCertificates(IReadOnlyList<KeyedCertificate> certificates) => _certificates = certificates;

    /// <inheritdoc/>
    public int Count => _certificates.Count;

    /// <inheritdoc/>
    public KeyedCertificate this[int index] => _certificates[index];

    /// <inheritdoc/>
    public IEnumerator<KeyedCertificate> GetEnumerator() => _certificates.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var certificate in _certificates)
        {
            certificate.Dispose();
        }
    }
}
