using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>What a source held, until it is known which certificates have their keys. Owns its content until that is handed over.</summary>
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

    public void Add(X509Certificate2 certificate) => _content.Add((certificate, null));

    /// <summary>Finds each certificate that came with its key, of a PKCS#12 file.</summary>
    /// <exception cref="CertificateSourceException">There is none, or a pair does not belong together.</exception>
    public KeyedCertificates FromPkcs12(Pkcs12Source source)
    {
        try
        {
            for (var index = 0; index < _content.Count; index++)
            {
                if (_content[index].Certificate is { HasPrivateKey: true } certificate)
                {
                    TakeKey(index, KeyMatching.PrivateKeyOf(certificate) ?? throw new CertificateSourceException(
                        SourceFault.Unsupported, "The private key is neither RSA nor elliptic curve: S/MIME on the phone cannot use it."));
                }
            }

            return Pair(
                source,
                "The PKCS#12 file holds no private key that belongs to one of its certificates. Export the certificate together with its private key.");
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Finds the certificate of each key, and takes over the keys.</summary>
    /// <exception cref="CertificateSourceException">A key has no certificate here.</exception>
    public KeyedCertificates FromKeys(IReadOnlyList<AsymmetricAlgorithm> keys)
    {
        var next = 0;
        try
        {
            for (; next < keys.Count; next++)
            {
                var key = keys[next];
                var leaf = _content.FindIndex(entry => KeyMatching.Belong(key, entry.Certificate));
                if (leaf < 0)
                {
                    throw new CertificateSourceException(
                        SourceFault.KeyMismatch, "The private key belongs to none of the certificates. Put the pair in that was issued together.");
                }

                if (_content[leaf].Key is not null)
                {
                    throw new CertificateSourceException(
                        SourceFault.Malformed, "The same private key stands there twice. Leave one of the two.");
                }

                _content[leaf] = (_content[leaf].Certificate, key);
            }
        }
        catch
        {
            foreach (var key in keys.Skip(next))
            {
                key.Dispose();
            }

            throw;
        }

        return Pair(null, "There is no private key.");
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

    private void TakeKey(int index, AsymmetricAlgorithm key)
    {
        var certificate = _content[index].Certificate;
        _content[index] = (certificate, key);
        if (!KeyMatching.Belong(key, certificate))
        {
            throw new CertificateSourceException(
                SourceFault.KeyMismatch,
                "The private key in the PKCS#12 file does not belong to its certificate. Export the right pair, or leave the pair out that is wrong.");
        }
    }

    // With one key everything else in the file is its chain, in whatever state: that is what came, and what is passed on.
    private KeyedCertificates Pair(Pkcs12Source? source, string whenNone)
    {
        RemoveTwins();
        var leaves = Enumerable.Range(0, _content.Count).Where(index => _content[index].Key is not null).ToArray();
        var result = new List<KeyedCertificate>();
        try
        {
            foreach (var leaf in leaves)
            {
                var (certificate, key) = _content[leaf];
                var facts = FactsReader.Read(certificate);
                var chain = leaves.Length == 1 ? _content.Where((_, index) => index != leaf).Select(entry => entry.Certificate) : PathFrom(leaf);
                result.Add(new KeyedCertificate(Copy(certificate), key!, [.. chain.Select(Copy)], facts, leaves.Length == 1 ? source : null, leaves.Length));
                _content[leaf] = (certificate, null);
            }

            if (leaves.Length > 1)
            {
                source?.Dispose();
            }
        }
        catch
        {
            result.ForEach(certificate => certificate.Dispose());
            throw;
        }

        return result.Count > 0 ? new KeyedCertificates(result) : throw new CertificateSourceException(SourceFault.NoPrivateKey, whenNone);
    }

    private void RemoveTwins()
    {
        for (var index = _content.Count - 1; index > 0; index--)
        {
            var raw = _content[index].Certificate.RawDataMemory;
            var twin = _content.FindIndex(0, index, entry => entry.Certificate.RawDataMemory.Span.SequenceEqual(raw.Span));
            if (twin < 0)
            {
                continue;
            }

            var (certificate, key) = _content[index];
            if (_content[twin].Key is null && key is not null)
            {
                _content[twin] = (_content[twin].Certificate, key);
            }
            else
            {
                key?.Dispose();
            }

            certificate.Dispose();
            _content.RemoveAt(index);
        }
    }

    private List<X509Certificate2> PathFrom(int leaf)
    {
        var path = new List<X509Certificate2>();
        for (var current = _content[leaf].Certificate; ;)
        {
            var issuer = current.IssuerName.RawData;
            var next = _content.FindIndex(entry => entry.Key is null && !path.Contains(entry.Certificate)
                && entry.Certificate.SubjectName.RawData.AsSpan().SequenceEqual(issuer));
            if (next < 0 || next == leaf)
            {
                return path;
            }

            current = _content[next].Certificate;
            path.Add(current);
        }
    }

    // Without the key, and of its own: several leaves may share an issuer.
    private static X509Certificate2 Copy(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span);
}
