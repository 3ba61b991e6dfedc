using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>What a PKCS#12 file held, until it is known which of it is the leaf. Owns its content until that is handed over.</summary>
internal sealed class CertificateBundle : IDisposable
{
    private readonly List<(X509Certificate2 Certificate, AsymmetricAlgorithm? Key)> _content = [];

    public void AddAll(X509Certificate2Collection certificates)
    {
        foreach (var certificate in certificates)
        {
            _content.Add((certificate, null));
        }
    }

    /// <summary>Adds a certificate, and its key where the certificate object does not carry it itself.</summary>
    public void Add(X509Certificate2 certificate, AsymmetricAlgorithm? key) => _content.Add((certificate, key));

    public bool Contains(ReadOnlySpan<byte> der)
    {
        foreach (var (certificate, _) in _content)
        {
            if (certificate.RawDataMemory.Span.SequenceEqual(der))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds the one certificate with a key. On success everything belongs to the result.</summary>
    public KeyedCertificate ToKeyedCertificate(Pkcs12Source source)
    {
        AsymmetricAlgorithm? key = null;
        try
        {
            var leaf = FindLeaf();
            key = _content[leaf].Key ?? KeyMatching.PrivateKeyOf(_content[leaf].Certificate) ?? throw new CertificateSourceException(
                SourceFault.Unsupported, "The private key is neither RSA nor elliptic curve: S/MIME on the phone cannot use it.");
            if (!KeyMatching.Belong(key, _content[leaf].Certificate))
            {
                throw new CertificateSourceException(
                    SourceFault.KeyMismatch, "The private key in the PKCS#12 file does not belong to its certificate. Export the right pair.");
            }

            var facts = FactsReader.Read(_content[leaf].Certificate);
            var chain = _content.Where((_, index) => index != leaf).Select(entry => entry.Certificate).ToArray();
            var result = new KeyedCertificate(_content[leaf].Certificate, key, chain, facts, source);
            _content.Clear();
            return result;
        }
        catch
        {
            source.Dispose();
            key?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var (certificate, key) in _content)
        {
            key?.Dispose();
            certificate.Dispose();
        }

        _content.Clear();
    }

    private int FindLeaf()
    {
        var leaf = -1;
        for (var index = 0; index < _content.Count; index++)
        {
            var (certificate, key) = _content[index];
            if (key is null && !certificate.HasPrivateKey)
            {
                continue;
            }

            if (leaf >= 0)
            {
                throw new CertificateSourceException(
                    SourceFault.SeveralPrivateKeys,
                    "The PKCS#12 file holds several certificates with private keys. Put each into a file and source of its own; "
                    + "the key of a certification authority does not belong there at all.");
            }

            leaf = index;
        }

        return leaf >= 0
            ? leaf
            : throw new CertificateSourceException(
                SourceFault.NoPrivateKey,
                "The PKCS#12 file holds no private key that belongs to one of its certificates. Export the certificate together with its private key.");
    }
}
