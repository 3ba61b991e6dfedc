using System.Diagnostics;
using System.Text;
using SmimeOperator.Benchmarks.Cluster;
using SmimeOperator.Benchmarks.Reporting;
using SmimeOperator.Certificates;

namespace SmimeOperator.Benchmarks.Rows;

/// <summary>What the cryptography of one import costs by itself: opening the source, encoding it anew, encrypting the password.</summary>
internal sealed class Crypto(Report report)
{
    private const int Count = 500;

    public void Run()
    {
        Report.Progress("Cryptography");
        using var material = new Material();
        var key = ConnectorKey.Parse(Encoding.ASCII.GetBytes(material.ConnectorKey));
        var (certificate, privateKey) = material.Pair(1, "user@contoso.com");
        var (certificateBytes, keyBytes) = (Encoding.ASCII.GetBytes(certificate), Encoding.ASCII.GetBytes(privateKey));
        const string Password = "benchmark";
        var pfx = material.Pkcs12(2, "user@contoso.com", Password);
        Measure("a TLS pair, encoded as PKCS#12", () => CertificateReader.ReadTls(certificateBytes, keyBytes), key);
        Measure("a PKCS#12 file", () => CertificateReader.ReadPkcs12(pfx, Password), key);
    }

    private void Measure(string what, Func<KeyedCertificate> open, ConnectorKey key)
    {
        Once();
        var (allocated, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        for (var i = 0; i < Count; i++)
        {
            Once();
        }

        report.Add("cryptography of one import", $"{what}: ms on one processor", clock.Elapsed.TotalMilliseconds / Count, "RSA-2048, OAEP with SHA-512");
        report.Add("cryptography of one import", $"{what}: allocated, KB", (GC.GetAllocatedBytesForCurrentThread() - allocated) / 1024d / Count);

        void Once()
        {
            using var opened = open();
            using var package = UploadPackage.Create(opened, key, OaepHash.Sha512);
        }
    }
}
