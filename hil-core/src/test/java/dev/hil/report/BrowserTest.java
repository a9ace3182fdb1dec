package dev.hil.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TakesScreenshot;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The report as a browser has it: the distribution's Chromium (Debian: {@code chromium chromium-driver}). Without it the
 * tests are skipped, saying so. {@code -Dhil.report=DIR} looks at a report that is there instead of the sample, {@code
 * -Dhil.screenshots=DIR} keeps pictures.
 */
class BrowserTest {
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path BROWSER = Path.of("/usr/bin/chromium");

    @TempDir
    private Path home;

    private @Nullable ChromeDriver browser;
    private Path page = Path.of("");

    @BeforeEach
    void makeReport() throws IOException {
        assumeTrue(
                Files.isExecutable(DRIVER) && Files.isExecutable(BROWSER),
                "there is no Chromium with its driver: apt-get install chromium chromium-driver");
        String given = System.getProperty("hil.report");
        Path folder = given == null ? SampleRun.partial(home, ReportsTest.HOSTILE) : Path.of(given);
        Reports.write(folder);
        page = folder.resolve(Reports.HTML).toAbsolutePath();
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.quit();
        }
    }

    @Test
    void runsNoScriptButItsOwnAndFetchesNothing() throws IOException {
        ChromeDriver open = open(1200, 900, false);

        // A script that had got through would have asked, or thrown.
        List<String> said = new ArrayList<>();
        open.manage().logs().get(LogType.BROWSER).forEach(entry -> said.add(entry.getMessage()));
        assertThat(said).as("errors and warnings of the page").isEmpty();
        assertThat(requests(open)).as("requests").containsExactly(page.toUri().toString());
        keep(open, "desktop");
    }

    @Test
    void eachLinkLeadsToSomethingThatIsThere() throws Exception {
        ChromeDriver open = open(1200, 900, false);
        List<String> targets = new ArrayList<>();
        for (WebElement link : open.findElements(By.cssSelector("a[href]"))) {
            targets.add(Objects.requireNonNull(link.getDomProperty("href")));
        }

        assertThat(targets).hasSizeGreaterThan(20);
        for (String target : targets.stream().distinct().toList()) {
            URI uri = URI.create(target);
            assertThat(uri.getScheme()).isEqualTo("file");
            assertThat(new File(uri.getPath())).exists();
            assertThat(Path.of(uri.getPath()).normalize()).startsWith(Objects.requireNonNull(page.getParent()));
            if (uri.getFragment() != null) {
                open.executeScript("location.hash = arguments[0]", uri.getFragment());
                WebElement to = open.findElement(By.id(uri.getFragment()));
                assertThat(to.isDisplayed())
                        .as("%s is shown when it is linked to", target)
                        .isTrue();
            } else {
                open.get(target);
                assertThat(open.getTitle()).doesNotContain("ERR_");
                open.get(page.toUri().toString());
            }
        }
    }

    @Test
    void aPhoneNeedsNotScrollSideways() throws IOException {
        ChromeDriver open = open(390, 844, false);

        Object wide = ((JavascriptExecutor) open).executeScript("return document.documentElement.scrollWidth");
        assertThat(((Number) Objects.requireNonNull(wide)).intValue()).isLessThanOrEqualTo(390);
        keep(open, "phone");
    }

    @Test
    void theDarkPageIsDark() throws IOException {
        ChromeDriver open = open(1200, 900, true);

        Object colour = open.executeScript("return getComputedStyle(document.body).backgroundColor");
        assertThat(colour).isEqualTo("rgb(20, 23, 27)");
        keep(open, "dark");
    }

    @Test
    void noTextOfALockGraphStandsUponAnother() throws IOException {
        ChromeDriver open = open(1200, 900, false);
        Object overlaps = open.executeScript("""
                const texts = [...document.querySelectorAll('.graph text')].map(t => t.getBoundingClientRect());
                let n = 0;
                for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
                  const a = texts[i], b = texts[j];
                  if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3) n++;
                }
                return n + ' of ' + texts.length;
                """);
        assertThat(String.valueOf(overlaps)).startsWith("0 of ").doesNotEndWith(" of 0");
        keep(open.findElement(By.cssSelector(".graph")), "lock-graph");
    }

    private ChromeDriver open(int width, int height, boolean dark) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER.toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
        if (dark) {
            options.addArguments("--blink-settings=preferredColorScheme=0");
        }
        options.setExperimentalOption("mobileEmulation", Map.of("deviceMetrics", metrics(width, height)));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        ChromeDriver open = new ChromeDriver(service, options);
        browser = open;
        open.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60));
        open.manage().window().setSize(new Dimension(width, height));
        open.get(page.toUri().toString());
        return open;
    }

    private static Map<String, Object> metrics(int width, int height) {
        return Map.of("width", width, "height", height, "pixelRatio", 1.0, "mobile", width < 500);
    }

    private static List<String> requests(ChromeDriver open) {
        List<String> urls = new ArrayList<>();
        open.manage().logs().get(LogType.PERFORMANCE).forEach(entry -> {
            String message = entry.getMessage();
            if (message.contains("\"Network.requestWillBeSent\"")) {
                int at = message.indexOf("\"url\":\"", message.indexOf("\"request\":{"));
                urls.add(message.substring(at + 7, message.indexOf('"', at + 7)));
            }
        });
        return urls;
    }

    private static void keep(TakesScreenshot open, String name) throws IOException {
        String folder = System.getProperty("hil.screenshots");
        if (folder != null) {
            Files.copy(
                    open.getScreenshotAs(OutputType.FILE).toPath(),
                    Path.of(folder).resolve(name + ".png"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
